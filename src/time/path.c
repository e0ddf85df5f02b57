/* path.c - the path as a thing: made by the way that the switch `time` names, asked year by year.
 *
 *   level on a path   baseline accounts x hat of the year's equilibrium
 *   effect            level on the counterfactual path over level on the baseline path, same year
 *   present value     sum_t level_t / (1 + discount)^t over the years after the economy's own */
#include "time/path.h"

#include "input/input.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static path_follow *const follows[] = {[TIME_STATIC] = growth_follow, [TIME_GROWTH] = growth_follow, [TIME_FORESIGHT] = foresight_follow};

/* ---- making one ---------------------------------------------------------------------------------- */

bool path_solved(const bashu_path *path, size_t t)
{
    return t < path->year_count && path->baseline[t] && path->baseline[t]->info.reason > 0 && path->counterfactual[t] &&
           path->counterfactual[t]->info.reason > 0;
}

/* One answer that is not that of another year or path. */
static void account_for(bashu_path *path, const bashu_result *r, size_t t)
{
    bool anew = !path->first || r != path->baseline[t];
    if (anew) path->info.passes += r->info.passes;
    if (anew && r->info.passes > path->info.most_passes) path->info.most_passes = r->info.passes;
    if (r->info.reason <= 0 || r->info.residual <= path->info.residual) return;
    path->info.residual = r->info.residual;
    path->info.worst_year = path_year(path, t);
    snprintf(path->worst, sizeof path->worst, "%s", r->info.worst);
}

static void summarise(bashu_path *path)
{
    bashu_path_info *info = &path->info;
    info->year_count = path->year_count;
    info->worst = path->worst;
    info->worst_year = path_year(path, 0);
    info->reason = BASHU_NOT_SOLVED;
    while (path_solved(path, info->solved)) info->solved++;
    for (size_t t = 0; t < path->year_count; t++) {
        const bashu_result *base = path->baseline[t], *counter = path->counterfactual[t];
        if (base && (!t || base != path->baseline[t - 1])) account_for(path, base, t);
        if (counter && counter != base && (!t || counter != path->counterfactual[t - 1])) account_for(path, counter, t);
        if (t > info->solved || !base || !counter) continue;
        info->reason = base->info.reason <= 0 ? base->info.reason : counter->info.reason;
    }
}

static bashu_path *path_make(arena *memory, size_t years)
{
    bashu_path *path = memory ? arena_alloc(memory, 1, sizeof *path) : NULL;
    if (!path) return NULL;
    path->year_count = years + 1;
    path->baseline = arena_alloc(memory, path->year_count, sizeof *path->baseline);
    path->counterfactual = arena_alloc(memory, path->year_count, sizeof *path->counterfactual);
    return path->baseline && path->counterfactual ? path : NULL;
}

/* The sector and the two sets whose location quotients reports show. */
static bashu_status cluster_asked(bashu_path *path)
{
    const description *a = &path->economy->about;
    const bashu_path_options *w = &path->wanted;
    const char **ids = arena_alloc(path->memory, a->J, sizeof *ids);
    if (!ids) return fail_memory(path->context);
    path->sector = -1;
    for (size_t j = 0; j < a->J; j++) {
        ids[j] = a->sectors[j].label.id;
        if (w->sector && !strcmp(w->sector, ids[j])) path->sector = (long)j;
    }
    if (!w->sector) return BASHU_OK;
    if (path->sector < 0) {
        const char *near = nearest_name(w->sector, ids, a->J);
        return fail(path->context, BASHU_ERROR_ARGUMENT, near ? "there is no sector '%s'; did you mean '%s'?" : "there is no sector '%s'; write an id of the economy's sectors%s", w->sector,
                    near ? near : "");
    }
    path->circle = measure_focus(a, path->scenario);
    if (w->circle) TRY(measure_named(&path->circle, path->memory, a, w->circle));
    path->benchmark = (focus){"all", "", "Nation", "全国"};
    if (w->benchmark) return measure_named(&path->benchmark, path->memory, a, w->benchmark);
    long g = find_set(a, "circle");
    for (size_t m = 0; g >= 0 && m < a->sets[g].member_count; m++) {
        const label *other = &a->sets[g].members[m];
        if (!strcmp(path->circle.set, "circle") && !strcmp(other->id, path->circle.member)) continue;
        path->benchmark = (focus){"circle", other->id, other->name_en, other->name_zh};
        break;
    }
    return BASHU_OK;
}

/* Levers on research do something where science and technique are kept from year to year by researchers, and nothing elsewhere. */
static bashu_status check_levers(const bashu_path *path)
{
    const model_switches *model = &path->economy->about.switches;
    const bashu_scenario *scenario = path->scenario;
    if (model->time == TIME_GROWTH && model->innovation == INNOVATION_RESEARCH) return BASHU_OK;
    const char *why = model->time == TIME_FORESIGHT ? "which people who look ahead do not reckon with"
                      : model->time == TIME_STATIC  ? "which time: static does not follow"
                                                    : "which does not come from researchers here";
    for (size_t c = 0; scenario && c < scenario->change_count; c++)
        if (acts_over_years(scenario->changes[c].lever))
            return fail(path->context, BASHU_ERROR_INPUT,
                        "scenario '%s': change '%s': lever %s acts on what is known from year to year, %s; delete the change, or write time: growth and innovation: research "
                        "(--set model.time=growth --set model.innovation=research)",
                        scenario->name, scenario->changes[c].id, lever_rows[scenario->changes[c].lever].name, why);
    return BASHU_OK;
}

static bashu_status path_of(bashu_path **out, const bashu_economy *economy, const bashu_scenario *scenario, const bashu_options *options,
                            const bashu_path_options *wanted, bashu_path *first, bool shared)
{
    static const bashu_options defaults = BASHU_OPTIONS_INIT;
    double start = now_s();
    arena *memory = arena_new(economy->context);
    bashu_path *path = path_make(memory, (size_t)wanted->years);
    if (!path) {
        arena_free(memory);
        return fail_memory(economy->context);
    }
    path->context = economy->context;
    path->memory = memory;
    path->economy = economy;
    path->scenario = scenario;
    path->options = options ? *options : defaults;
    path->starts = path->options.starts > 0 ? path->options.starts : 0;
    path->options.starts = 0; /* other equilibria are not looked for year by year */
    path->wanted = *wanted;
    path->first = first;
    path->shared = shared;
    bashu_status status = check_levers(path);
    if (status == BASHU_OK) status = cluster_asked(path);
    if (status == BASHU_OK) status = follows[economy->about.switches.time](path);
    if (status != BASHU_OK) {
        path_free(path);
        return status;
    }
    summarise(path);
    path->info.time_s = now_s() - start;
    *out = path;
    return BASHU_OK;
}

bashu_status path_new(bashu_path **out, const bashu_economy *economy, const bashu_scenario *scenario, const bashu_options *options,
                      const bashu_path_options *wanted)
{
    return path_of(out, economy, scenario, options, wanted, NULL, false);
}

bashu_status path_begin(bashu_path **first, const bashu_economy *economy, const bashu_options *options, const bashu_path_options *wanted)
{
    return path_of(first, economy, NULL, options, wanted, NULL, true);
}

bashu_status path_new_beside(bashu_path **out, bashu_path *first, const bashu_scenario *scenario)
{
    return path_of(out, first->economy, scenario, &first->options, &first->wanted, first->solver ? first : NULL, false);
}

void path_free(bashu_path *path)
{
    if (!path) return;
    for (size_t t = path->year_count; t-- > 0;) {
        bashu_result *base = path->baseline[t], *counter = path->counterfactual[t];
        if (counter != base && (!t || counter != path->counterfactual[t - 1])) result_free(counter);
        if (!path->first && (!t || base != path->baseline[t - 1])) result_free(base);
    }
    if (!path->first) solver_free(path->solver);
    arena_free(path->memory);
}

/* ---- asking it ----------------------------------------------------------------------------------- */

static bashu_status check_question(const bashu_path *path, size_t t, const char *variable, bashu_column column)
{
    const bashu_variable *row = variable ? measure_variable(variable) : NULL;
    if (!row) return fail(path->context, BASHU_ERROR_ARGUMENT, "there is no output variable '%s'", variable ? variable : "");
    if (row->family != BASHU_OUTCOME)
        return fail(path->context, BASHU_ERROR_ARGUMENT, "'%s' is about pairs of regions or parts of a change, which paths do not keep; gdp and welfare they do", variable);
    if ((int)column < BASHU_BASE || column > BASHU_PERCENT) return fail(path->context, BASHU_ERROR_ARGUMENT, "there is no column %d", (int)column);
    if (t >= path->year_count)
        return fail(path->context, BASHU_ERROR_ARGUMENT, "the path has years %d to %d; there is no year %zu after the first", path_year(path, 0),
                    path_year(path, path->year_count - 1), t);
    if (path_solved(path, t)) return BASHU_OK;
    return fail(path->context, BASHU_ERROR_ARGUMENT, "there is no equilibrium in %d to take '%s' from", path_year(path, t), variable);
}

static double compare(double base, double counterfactual, bashu_column column)
{
    double hat = base == counterfactual ? 1 : base == 0 ? (double)NAN : counterfactual / base;
    switch (column) {
    case BASHU_BASE: return base;
    case BASHU_COUNTERFACTUAL: return counterfactual;
    case BASHU_HAT: return hat;
    case BASHU_PERCENT: break;
    }
    return 100 * (hat - 1);
}

bashu_status path_values(const bashu_path *path, size_t t, const char *variable, bashu_column column, double *values, size_t count)
{
    TRY(check_question(path, t, variable, column));
    TRY(measure_values(path->baseline[t], variable, BASHU_COUNTERFACTUAL, values, count));
    double *other = calloc(count ? count : 1, sizeof *other);
    if (!other) return fail_memory(path->context);
    bashu_status status = measure_values(path->counterfactual[t], variable, BASHU_COUNTERFACTUAL, other, count);
    for (size_t k = 0; status == BASHU_OK && k < count; k++) values[k] = compare(values[k], other[k], column);
    free(other);
    return status;
}

bashu_status path_aggregate(const bashu_path *path, size_t t, const char *variable, const char *set, const char *member, bashu_column column,
                            double *value)
{
    double base, counterfactual;
    TRY(check_question(path, t, variable, column));
    TRY(measure_aggregate(path->baseline[t], variable, set, member, BASHU_COUNTERFACTUAL, &base));
    TRY(measure_aggregate(path->counterfactual[t], variable, set, member, BASHU_COUNTERFACTUAL, &counterfactual));
    *value = compare(base, counterfactual, column);
    return BASHU_OK;
}

bashu_status path_quotient(double *out, const bashu_path *path, size_t t, size_t sector, const focus *who, bashu_column column)
{
    size_t N = path->economy->about.N, J = path->economy->about.J;
    double *values = calloc(N * J + 2 * N + 1, sizeof *values), own = 0, all = 0, own_sector = 0, all_sector = 0;
    if (!values) return fail_memory(path->context);
    double *part = values + N * J, *home = part + N;
    bashu_status status = path_values(path, t, "sector_value_added", column, values, N * J);
    if (status == BASHU_OK) status = measure_parts(path->context, &path->economy->about, who->set, who->member, part, NULL);
    if (status == BASHU_OK) status = measure_parts(path->context, &path->economy->about, "all", "", home, NULL);
    for (size_t i = 0; i < N * J; i++) {
        own += part[i / J] * values[i];
        all += home[i / J] * values[i];
        if (i % J != sector) continue;
        own_sector += part[i / J] * values[i];
        all_sector += home[i / J] * values[i];
    }
    free(values);
    *out = own_sector / own / (all_sector / all);
    return status;
}

bashu_status path_growth(const bashu_path *path, size_t t, bool with_changes, double *growth)
{
    double now, before;
    bashu_column column = with_changes ? BASHU_COUNTERFACTUAL : BASHU_BASE;
    if (!t) return fail(path->context, BASHU_ERROR_ARGUMENT, "growth into %d is not known: the path begins there", path_year(path, 0));
    TRY(path_aggregate(path, t, "gdp", "all", "", column, &now));
    TRY(path_aggregate(path, t - 1, "gdp", "all", "", column, &before));
    const double *common = path->common_growth[with_changes && path->scenario];
    *growth = log(now / before) + (common ? common[t] : 0);
    return BASHU_OK;
}

bashu_status path_present_value(const bashu_path *path, const char *variable, const char *set, const char *member, double *percent)
{
    double before = 0, after = 0, weight = 1;
    for (size_t t = 1; t < path->year_count; t++) {
        double base, counterfactual;
        TRY(path_aggregate(path, t, variable, set, member, BASHU_BASE, &base));
        TRY(path_aggregate(path, t, variable, set, member, BASHU_COUNTERFACTUAL, &counterfactual));
        weight /= 1 + path->wanted.discount;
        before += weight * base;
        after += weight * counterfactual;
    }
    *percent = compare(before, after, BASHU_PERCENT);
    return BASHU_OK;
}
