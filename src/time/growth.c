/* growth.c - years in turn, people looking at their own year alone: each is an equilibrium under what has changed so far.
 *
 *   shock_t = changes in force in year t (accounts/years.c), productivity times technique of year t (knowledge.c; with time: growth alone)
 *   z_t     = the equilibrium under it, solved from where predict.c says; a year like the last has its answer, one in which nothing has changed
 *             against the other path has that path's, to the last bit */
#include "time/path.h"
#include "time/predict.h"

#include <math.h>
#include <string.h>

typedef struct follower { /* workspace of one path */
    bashu_path *path;
    bashu_solver *solver;
    shock_builder *builder;
    bool with_changes;
    bashu_scenario changed;            /* the scenario as it is in one year */
    unsigned char *mask;
    double *in_force, *step, *step_before; /* [change_count] the part in force, and what it grew by, this year and last */
    predictor *predictor;
    bool breaks;                       /* changes do not go on as they did in the last year */
    knowledge *knowledge;              /* NULL: nothing adds up over years */
    knowledge_state *known;            /* [year_count] of this path */
    research_policy policy;
    knowledge_certificate certificate; /* of the step that leads to the year under way */
    double *productivity;              /* [N][J] hats of the shock, technique counted */
} follower;

static bashu_status follower_new(follower *f, bashu_path *path, bashu_solver *solver, arena *memory, bool with_changes)
{
    const bashu_economy *e = path->economy;
    size_t changes = with_changes ? path->scenario->change_count : 0;
    *f = (follower){.path = path, .solver = solver, .with_changes = with_changes, .known = path->known[with_changes]};
    TRY(shock_builder_new(&f->builder, memory, e));
    TRY(predictor_new(&f->predictor, memory, solver_unknown_count(solver), changes));
    const array_wanted wanted[] = {{&f->in_force, changes}, {&f->step, changes}, {&f->step_before, changes}};
    f->mask = arena_alloc(memory, changes, 1);
    if (with_changes) f->changed = *path->scenario;
    f->changed.changes = arena_alloc(memory, changes, sizeof *f->changed.changes);
    if (!f->mask || !f->changed.changes || !ARENA_ARRAYS(memory, wanted)) return fail_memory(path->context);
    if (!f->known) return BASHU_OK;
    TRY(knowledge_new(&f->knowledge, memory, e));
    TRY(research_policy_new(&f->policy, memory, e, with_changes ? path->scenario : NULL));
    f->productivity = arena_alloc(memory, e->about.N * e->about.J, sizeof *f->productivity);
    return f->productivity ? BASHU_OK : fail_memory(path->context);
}

/* Puts the scenario as it is in the year in place. */
static void turn_to(follower *f, size_t t)
{
    size_t changes = f->changed.change_count;
    if (!f->with_changes) return;
    changes_in_year(f->changed.changes, f->mask, f->path->scenario, path_year(f->path, t));
    memcpy(f->step_before, f->step, changes * sizeof *f->step);
    for (size_t c = 0; c < changes; c++) {
        double part = f->mask[c] ? 1 - f->changed.changes[c].pending : 0;
        f->step[c] = part - f->in_force[c];
        f->in_force[c] = part;
    }
    f->breaks = false;
    for (size_t c = 0; c < changes; c++) f->breaks |= fabs(f->step[c] - f->step_before[c]) > 1e-9;
}

static bool changes_stay(const follower *f)
{
    for (size_t c = 0; c < f->changed.change_count; c++)
        if (f->step[c] != 0) return false;
    return true;
}

static bool anything_in_force(const follower *f)
{
    for (size_t c = 0; c < f->changed.change_count; c++)
        if (f->mask[c]) return true;
    return false;
}

static bool same_state(const follower *f, const knowledge_state *x, const knowledge_state *y)
{
    const description *a = &f->path->economy->about;
    return !memcmp(x->log_technique, y->log_technique, a->N * a->J * sizeof(double)) && !memcmp(x->science, y->science, a->N * sizeof(double));
}

static bool same_knowledge(const follower *f, size_t t, size_t other) { return !f->known || same_state(f, &f->known[t], &f->known[other]); }

static bool same_researchers(const follower *f, size_t t)
{
    size_t size = f->path->economy->about.N * sizeof(double);
    const knowledge_state *x = &f->known[t], *y = &f->path->known[0][t];
    for (size_t u = 0; u < RESEARCH_USE_COUNT; u++)
        if (memcmp(x->people[u], y->people[u], size)) return false;
    return true;
}

/* The other path's answer of the year; NULL: there is none. */
static bashu_result *other_year(const follower *f, size_t t) { return f->with_changes ? f->path->baseline[t] : NULL; }

/* The shock of a year: a copy whose productivity has technique in it. */
static bashu_status shock_of(follower *f, shock *out, bool *changes_nothing, size_t t)
{
    const shock *built;
    const description *a = &f->path->economy->about;
    TRY(shock_build(&built, f->builder, f->with_changes ? &f->changed : NULL, f->mask));
    *out = *built;
    *changes_nothing = built->empty;
    if (!f->known) return BASHU_OK;
    for (size_t i = 0; i < a->N * a->J; i++) {
        double log_technique = f->known[t].log_technique[i];
        f->productivity[i] = built->productivity_hat[i] * (log_technique == 0 ? 1 : exp(log_technique));
        out->empty = out->empty && f->productivity[i] == 1;
    }
    out->productivity_hat = f->productivity;
    return BASHU_OK;
}

/* Whether changes in force make no difference to the other path: they change nothing, and what is known is the same. */
static bool is_other_year(const follower *f, bool changes_nothing, size_t t)
{
    return changes_nothing && other_year(f, t) && (!f->known || (same_state(f, &f->known[t], &f->path->known[0][t]) && same_researchers(f, t)));
}

static bashu_status solve_year(follower *f, bashu_result **years, size_t t)
{
    shock k;
    bool changes_nothing;
    TRY(shock_of(f, &k, &changes_nothing, t));
    if (is_other_year(f, changes_nothing, t)) {
        years[t] = other_year(f, t);
        return BASHU_OK;
    }
    solver_set_start(f->solver, k.empty || !t ? NULL : predictor_start(f->predictor, f->in_force, other_year(f, t), f->breaks));
    bashu_status status = solve_shock(&years[t], f->solver, &k);
    solver_set_start(f->solver, NULL);
    if (status == BASHU_OK && is_cancelled(f->path->context)) status = fail(f->path->context, BASHU_INTERRUPTED, "interrupted");
    return status;
}

/* Hulten: what productivity that grows everywhere alike adds to real income. */
static double common_growth(const follower *f, const knowledge_state *now, const bashu_result *year)
{
    const bashu_economy *e = f->path->economy;
    double sum = 0, value = 0;
    for (size_t j = 0; j < e->about.J; j++) {
        double output = 0;
        for (size_t n = 0; n < e->about.N; n++) {
            if ((long)n == e->about.foreign) continue;
            output += e->output[at2(n, j, e->about.J)];
            value += e->value_added_share[at2(n, j, e->about.J)] * e->output[at2(n, j, e->about.J)];
        }
        sum += output * knowledge_common_growth(f->knowledge, now, year, j);
    }
    return value > 0 ? sum / value : 0;
}

/* Researchers and borders of the year, which its state remembers. */
static bashu_status set_policy(follower *f, size_t t)
{
    const bashu_economy *e = f->path->economy;
    if (!f->known) return BASHU_OK;
    TRY(research_policy_in(&f->policy, e, f->with_changes ? &f->changed : NULL, f->mask));
    for (size_t u = 0; u < RESEARCH_USE_COUNT && e->research.science; u++) memcpy(f->known[t].people[u], f->policy.people[u], e->about.N * sizeof(double));
    return BASHU_OK;
}

/* What this year's researchers, borders and markets make of knowledge: the state of the year after. */
static bashu_status learn(follower *f, const bashu_result *year, size_t t)
{
    bashu_path *path = f->path;
    const description *a = &path->economy->about;
    knowledge_state *now = &f->known[t], *next = &f->known[t + 1];
    shock k;
    bool changes_nothing;
    TRY(shock_of(f, &k, &changes_nothing, t)); /* for its travel times */
    const double *time_h = k.travel_time_h ? k.travel_time_h + a->people_travel * a->N * a->N : NULL;
    TRY(knowledge_step(f->knowledge, next, now, &f->policy, time_h, year));
    path->common_growth[f->with_changes][t + 1] = common_growth(f, now, year);
    knowledge_audit audit = {.economy = path->economy, .changed = f->with_changes ? &f->changed : NULL, .mask = f->mask, .time_h = time_h,
                             .now = now, .next = next, .year = year};
    return certify_knowledge(&f->certificate, &audit);
}

/* Leaving the baseline path in year t: what is known is what is known there, and as well certified. */
static bashu_status take_state(follower *f, size_t t)
{
    const description *a = &f->path->economy->about;
    const knowledge_state *from = &f->path->known[0][t];
    memcpy(f->known[t].log_technique, from->log_technique, a->N * a->J * sizeof(double));
    memcpy(f->known[t].science, from->science, a->N * sizeof(double));
    f->path->common_growth[1][t] = f->path->common_growth[0][t];
    if (!t) return BASHU_OK;
    knowledge_audit audit = {.economy = f->path->economy, .now = from - 1, .next = from, .year = f->path->baseline[t - 1]};
    return certify_knowledge(&f->certificate, &audit);
}

/* The year of the other path, which this one has not left yet. */
static void share_year(follower *f, bashu_result **years, size_t t)
{
    bashu_path *path = f->path;
    years[t] = path->baseline[t];
    if (!f->known) return;
    f->known[t] = path->known[0][t];
    path->common_growth[1][t] = path->common_growth[0][t];
}

static bashu_status follow_year(follower *f, bashu_result **years, size_t t)
{
    if (t && changes_stay(f) && same_knowledge(f, t, t - 1)) years[t] = years[t - 1];
    else TRY(solve_year(f, years, t));
    if (!f->known || years[t]->info.reason <= 0 || years[t] == other_year(f, t)) return BASHU_OK;
    size_t N = f->path->economy->about.N;
    memcpy(years[t]->science, f->known[t].science, N * sizeof(double));
    for (size_t u = 0; u < RESEARCH_USE_COUNT; u++) memcpy(years[t]->researchers[u], f->known[t].people[u], N * sizeof(double));
    knowledge_certificate_attach(years[t], &f->certificate, f->path->options.tolerance);
    return BASHU_OK;
}

static bashu_status follow(follower *f, bashu_result **years)
{
    bashu_path *path = f->path;
    bool shared = f->with_changes; /* with the baseline path so far */
    if (f->known) knowledge_begin(f->knowledge, &f->known[0]);
    for (size_t t = 0; t < path->year_count; t++) {
        report_progress(path->context, (double)t / (double)path->year_count, f->with_changes ? "solving years with the scenario" : "solving years");
        turn_to(f, t);
        bool leaves = shared && anything_in_force(f);
        if (leaves && f->known) TRY(take_state(f, t));
        shared = shared && !leaves;
        if (shared) share_year(f, years, t);
        else {
            TRY(set_policy(f, t));
            TRY(follow_year(f, years, t));
        }
        if (!years[t] || years[t]->info.reason <= 0) break;
        predictor_note(f->predictor, f->in_force, other_year(f, t), years[t]);
        if (!shared && f->known && t + 1 < path->year_count) TRY(learn(f, years[t], t));
    }
    return BASHU_OK;
}

/* The change alone, so much of it in force, for the predictor. */
static bashu_status change_alone(const shock **out, void *follower_, size_t c, double part)
{
    follower *f = follower_;
    const bashu_scenario *scenario = f->path->scenario;
    memset(f->mask, 0, scenario->change_count);
    f->changed.changes[c] = scenario->changes[c];
    f->changed.changes[c].pending = 1 - part;
    f->mask[c] = 1;
    return shock_build(out, f->builder, &f->changed, f->mask);
}

static bashu_status learn_changes(follower *f)
{
    bashu_path *path = f->path;
    int first = path_year(path, 0);
    for (size_t c = 0; c < path->scenario->change_count; c++) {
        double most = 0, least = 1;
        for (size_t t = 1; t < path->year_count; t++) {
            double part = change_in_force(&path->scenario->changes[c], first, path_year(path, t));
            most = fmax(most, part);
            if (part > 0) least = fmin(least, part);
        }
        report_progress(path->context, (double)c / (double)path->scenario->change_count, "each change alone, roughly");
        if (most > 0) TRY(predictor_learn(f->predictor, f->solver, change_alone, f, c, most, least < most, &path->info.passes_beside));
        if (is_cancelled(path->context)) return fail(path->context, BASHU_INTERRUPTED, "interrupted");
    }
    return BASHU_OK;
}

static bashu_status follow_baseline(bashu_path *path, arena *memory)
{
    follower f;
    bool prepares = path->shared || path->known[0] || (path->scenario && path->scenario->change_count); /* many solves near each other follow */
    solver_keep_pairs(path->solver, false);
    TRY(follower_new(&f, path, path->solver, memory, false));
    if (prepares) TRY(solver_prepare(path->solver));
    path->info.passes_beside = solver_prepared_passes(path->solver);
    solver_keep_history(path->solver, true);
    return follow(&f, path->baseline);
}

static bashu_status follow_changes(bashu_path *path, bashu_solver *solver, arena *memory)
{
    follower f;
    solver_keep_history(solver, true); /* afresh */
    TRY(follower_new(&f, path, solver, memory, true));
    TRY(learn_changes(&f));
    return follow(&f, path->counterfactual);
}

/* With `time: growth` and a law of innovation knowledge is kept year by year. */
static bashu_status keep_knowledge(bashu_path *path)
{
    const model_switches *model = &path->economy->about.switches;
    if (model->time != TIME_GROWTH || model->innovation == INNOVATION_NONE) return BASHU_OK;
    for (size_t w = path->first != NULL; w < 2; w++) {
        path->common_growth[w] = arena_alloc(path->memory, path->year_count, sizeof(double));
        path->known[w] = arena_alloc(path->memory, path->year_count, sizeof(knowledge_state));
        if (!path->common_growth[w] || !path->known[w]) return fail_memory(path->context);
        for (size_t t = 0; t < path->year_count; t++) TRY(knowledge_state_new(&path->known[w][t], path->memory, path->economy));
    }
    return BASHU_OK;
}

/* The baseline path of another, and what is known on it. */
static void take_baseline(bashu_path *path)
{
    const bashu_path *first = path->first;
    memcpy(path->baseline, first->baseline, path->year_count * sizeof *path->baseline);
    path->known[0] = first->known[0];
    path->common_growth[0] = first->common_growth[0];
}

bashu_status growth_follow(bashu_path *path)
{
    arena *memory = arena_new(path->context);
    bashu_status status = memory ? BASHU_OK : fail_memory(path->context);
    if (path->first) take_baseline(path);
    else if (status == BASHU_OK) status = solver_new(&path->solver, path->economy, &path->options);
    if (status == BASHU_OK) status = keep_knowledge(path);
    if (status == BASHU_OK && !path->first) status = follow_baseline(path, memory);
    if (status == BASHU_OK && path->scenario) status = follow_changes(path, path->first ? path->first->solver : path->solver, memory);
    if (!path->scenario) memcpy(path->counterfactual, path->baseline, path->year_count * sizeof *path->baseline);
    if (!path->shared) {
        solver_free(path->solver);
        path->solver = NULL;
    }
    arena_free(memory);
    return status;
}
