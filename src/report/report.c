/* report.c - what all reports share: beginning and end, names, units, and the certificate in words. */
#include "report/report.h"

#include <math.h>
#include <string.h>

bashu_status report_begin(report *r, bashu_context *context, bashu_language language)
{
    *r = (report){.memory = arena_new(context), .context = context, .language = language};
    return r->memory ? BASHU_OK : fail_memory(context);
}

bashu_status report_end(char **out, report *r, bashu_status status)
{
    if (status == BASHU_OK) status = writer_done(out, &r->out, r->context);
    else writer_free(&r->out);
    arena_free(r->memory);
    return status;
}

bashu_status report_write(char **out, bashu_context *context, bashu_language language, const report_format *formats,
                          size_t count, const char *name, const void *subject)
{
    *out = NULL;
    for (size_t f = 0; f < count; f++) {
        if (strcmp(formats[f].name, name) != 0) continue;
        report r;
        TRY(report_begin(&r, context, language));
        return report_end(out, &r, formats[f].write(&r, subject));
    }
    return fail(context, BASHU_ERROR_ARGUMENT, "there is no report format '%s'", name);
}

/* ---- names --------------------------------------------------------------------------------------- */

const char *label_name(const report *r, const label *l)
{
    return first_of(pick(r->language, l->name_en, l->name_zh), l->id);
}

const char *currency_name(const report *r, const description *about)
{
    return pick(r->language, about->currency_en, about->currency_zh);
}

const char *currency_word(const report *r, const description *about)
{
    const char *code = about->currency_code ? about->currency_code : "";
    return r->language == BASHU_ZH && !strcmp(code, "CNY") ? "元" : code;
}

const char *member_name(const report *r, const description *about, const char *set, size_t n)
{
    long g = find_set(about, set), m = g < 0 ? -1 : about->sets[g].member_of[n];
    return m < 0 ? "" : label_name(r, &about->sets[g].members[m]);
}

const char *member_id(const description *about, const char *set, size_t n)
{
    long g = find_set(about, set), m = g < 0 ? -1 : about->sets[g].member_of[n];
    return m < 0 ? "" : about->sets[g].members[m].id;
}

static bool is_flag(const char *flag) { return flag && *flag && strcmp(flag, "observed") != 0; }

const char *unit_words(const report *r, const char *unit)
{
    static const char *const words[][2] = {
        {"minutes", "分钟"}, {"hours", "小时"}, {"percent", "%"}, {"fraction", ""}, {"currency unit", ""}};
    if (!unit) return "";
    for (size_t k = 0; r->language == BASHU_ZH && k < sizeof words / sizeof words[0]; k++)
        if (!strcmp(words[k][0], unit)) return words[k][1];
    return unit;
}

bool region_imputed(const region_row *region)
{
    return is_flag(region->people_flag) || is_flag(region->gdp_flag) || is_flag(region->land_flag);
}

/* "1e8 CNY" for 100 million; "CNY" for 1. */
static const char *money_text(arena *memory, const description *about, const char *per)
{
    double unit = about->currency_unit, power = round(log10(unit));
    const char *code = about->currency_code ? about->currency_code : "";
    if (unit == 1) return arena_format(memory, "%s%s", code, per);
    if (power >= 4 && fabs(unit / pow(10, power) - 1) < 1e-12)
        return arena_format(memory, "1e%.0f %s%s", power, code, per);
    return arena_format(memory, "%g %s%s", unit, code, per);
}

const char *unit_text(arena *memory, const description *about, const char *unit)
{
    const char *text = unit;
    if (!strcmp(unit, "currency_unit")) text = money_text(memory, about, "");
    else if (!strcmp(unit, "currency_unit_per_km2")) text = money_text(memory, about, "/km2");
    else if (!strcmp(unit, "currency_per_person")) text = arena_format(memory, "%s/person", about->currency_code);
    else if (!strcmp(unit, "index")) text = "baseline = 1";
    return text ? text : unit;
}

/* ---- headline variables -------------------------------------------------------------------------- */

const char *const headline_names[HEADLINE_COUNT] = {"gdp", "population", "real_wage", "welfare", "land_rent"};

const char *headline_title(const report *r, size_t k)
{
    static const char *const titles[HEADLINE_COUNT][2] = {{"GDP %", "GDP %"},
                                                          {"people %", "人口 %"},
                                                          {"real wage %", "实际工资 %"},
                                                          {"welfare %", "福利 %"},
                                                          {"rent %", "地租 %"}};
    return pick(r->language, titles[k][0], titles[k][1]);
}

bashu_status headline_percents(double **out, arena *memory, const bashu_result *result)
{
    size_t N = result->economy->about.N;
    *out = arena_alloc(memory, HEADLINE_COUNT * N, sizeof **out);
    if (!*out) return fail_memory(result->context);
    for (size_t k = 0; k < HEADLINE_COUNT; k++)
        TRY(measure_values(result, headline_names[k], BASHU_PERCENT, *out + k * N, N));
    return BASHU_OK;
}

const double tally_threshold_pct = 0.01;

tally tally_of(const description *about, const double *welfare)
{
    tally out = {0};
    double total = 0;
    for (size_t n = 0; n < about->N; n++) {
        if ((long)n == about->foreign) continue;
        size_t side = welfare[n] > tally_threshold_pct    ? TALLY_GAIN
                      : welfare[n] < -tally_threshold_pct ? TALLY_LOSE
                                                          : TALLY_SAME;
        out.places[side]++;
        out.people_share[side] += about->regions[n].people;
        total += about->regions[n].people;
    }
    for (size_t side = 0; side < TALLY_COUNT; side++) out.people_share[side] /= total > 0 ? total : 1;
    return out;
}

set_summary *summaries_of(arena *memory, const description *about, size_t *count)
{
    long g = find_set(about, "circle");
    size_t members = g < 0 ? 0 : about->sets[g].member_count;
    set_summary *rows = arena_alloc(memory, members + 1, sizeof *rows);
    *count = members + 1;
    if (!rows) return NULL;
    for (size_t m = 0; m <= members; m++) {
        bool nation = m == members;
        bashu_status status = measure_summary(&rows[m], arena_context(memory), about, nation ? "all" : "circle",
                                              nation ? "" : about->sets[g].members[m].id);
        if (status != BASHU_OK) return NULL;
    }
    return rows;
}

/* ---- the certificate in words -------------------------------------------------------------------- */

const char *reason_words(const report *r, bashu_reason reason)
{
    const char *chinese = NULL;
    switch (reason) {
    case BASHU_CONVERGED_RESIDUAL: chinese = "已收敛：最大残差在容差之内"; break;
    case BASHU_CONVERGED_UNCHANGED: chinese = "已收敛：没有任何变化，基准即为答案"; break;
    case BASHU_FIRST_ORDER: chinese = "一阶：基期的线性答案，不是均衡"; break;
    case BASHU_NOT_SOLVED: chinese = "尚未求解"; break;
    case BASHU_DIVERGED_LIMIT: chinese = "未收敛：达到迭代次数上限"; break;
    case BASHU_DIVERGED_STALLED: chinese = "未收敛：残差不再下降"; break;
    case BASHU_DIVERGED_NOT_FINITE: chinese = "未收敛：出现非有限数值"; break;
    case BASHU_DIVERGED_CERTIFICATE: chinese = "未收敛：独立核验与求解器不一致"; break;
    case BASHU_DIVERGED_INTERRUPTED: chinese = "未收敛：已被中断"; break;
    }
    return pick(r->language, bashu_reason_text(reason), chinese);
}

/* The solver speaks English (equilibrium/uniqueness.c); its verdicts and reasons are phrases of ours. */
static const char *reason_in_chinese(const report *r, const char *reason)
{
    static const char *const phrases[][2] = {
        {"one sector, nobody moves, gross substitutes", "单一行业、人口不流动、总替代性"},
        {"Allen & Arkolakis (2014), theorem 2, free mobility and symmetric costs",
         "Allen & Arkolakis（2014）定理2：人口自由流动、贸易成本对称"},
        {"Allen & Arkolakis (2014) condition for free mobility holds",
         "Allen & Arkolakis（2014）人口自由流动的条件成立"},
        {"Allen & Arkolakis (2014) condition for free mobility fails",
         "Allen & Arkolakis（2014）人口自由流动的条件不成立"},
        {" (margin ", "（余量 "},
        {"); a guide only with tastes", "）；存在区位偏好时仅供参考"},
        {"); a guide only with ", "）；仅供参考，因为"},
        {"places that keep to themselves", "有些地区不参与流动"},
        {"deficits", "存在逆差"},
        {"spillovers between places", "外部性跨越地区"},
        {"land that differs or is elastic", "各地土地份额不同或供给有弹性"},
        {"costs that are not symmetric", "贸易成本不对称"},
        {")", "）"},
        {"no theorem covers ", "尚无定理涵盖："},
        {"several sectors", "多个行业"},
        {"one sector", "单一行业"},
        {", people who move", "、人口流动"},
        {", agglomeration", "、集聚效应"},
        {" (Alvarez & Lucas 2007)", "（Alvarez & Lucas 2007）"}};
    enum { PHRASES = sizeof phrases / sizeof phrases[0] };
    writer w = {0};
    for (const char *at = reason; *at;) {
        size_t k = 0;
        while (k < PHRASES && strncmp(at, phrases[k][0], strlen(phrases[k][0])) != 0) k++;
        if (k < PHRASES) put(&w, phrases[k][1]);
        else put_format(&w, "%c", *at);
        at += k < PHRASES ? strlen(phrases[k][0]) : 1;
    }
    const char *text = w.bytes && !w.failed ? arena_text(r->memory, w.bytes) : NULL;
    writer_free(&w);
    return text ? text : reason;
}

const char *uniqueness_words(const report *r, const char *uniqueness)
{
    static const char *const verdicts[][2] = {{"holds", "成立"}, {"not known", "未能判定"}};
    if (!uniqueness || !*uniqueness) return "-";
    for (size_t k = 0; r->language == BASHU_ZH && k < 2; k++) {
        size_t length = strlen(verdicts[k][0]);
        if (strncmp(uniqueness, verdicts[k][0], length) != 0) continue;
        const char *rest = uniqueness + length;
        while (*rest == ':' || *rest == ' ') rest++;
        const char *text =
            *rest ? arena_format(r->memory, "%s（%s）", verdicts[k][1], reason_in_chinese(r, rest)) : verdicts[k][1];
        return text ? text : uniqueness;
    }
    return uniqueness;
}

const char *starts_words(const report *r, const bashu_info *info)
{
    bool zh = r->language == BASHU_ZH;
    if (info->starts <= 0) return zh ? "未再尝试其他初值" : "none were tried";
    if (info->equilibria <= 1)
        return arena_format(r->memory,
                            zh ? "另取 %d 个随机初值，均得到同一均衡" : "%d random starts all led to this equilibrium",
                            info->starts);
    return arena_format(
        r->memory,
        zh ? "另取 %d 个随机初值，共找到 %d 个不同的均衡；此处为自基准出发所得"
           : "%d random starts: %d distinct equilibria in all; the one shown is reached from the baseline",
        info->starts, info->equilibria);
}

const char *equation_words(const report *r, const char *equation)
{
    static const char *const words[][2] = {{"price", "价格"},
                                           {"goods_market", "商品市场"},
                                           {"expenditure", "支出"},
                                           {"income", "收入"},
                                           {"labour_market", "劳动市场"},
                                           {"land_market", "土地市场"},
                                           {"location", "区位选择"},
                                           {"people", "人口"},
                                           {"numeraire", "计价单位"},
                                           {"walras", "瓦尔拉斯定律"},
                                           {"world_budget", "世界收支"},
                                           {"trade", "贸易份额"}};
    for (size_t k = 0; r->language == BASHU_ZH && k < sizeof words / sizeof words[0]; k++)
        if (!strcmp(words[k][0], equation)) return words[k][1];
    return equation;
}

/* The name that goes with an id of length `length`; NULL when it is no id of ours. */
static const char *name_of_id(const report *r, const description *about, const char *id, size_t length)
{
    for (size_t n = 0; n < about->N; n++)
        if (strlen(about->regions[n].label.id) == length && !strncmp(about->regions[n].label.id, id, length))
            return label_name(r, &about->regions[n].label);
    for (size_t j = 0; j < about->J; j++)
        if (strlen(about->sectors[j].label.id) == length && !strncmp(about->sectors[j].label.id, id, length))
            return label_name(r, &about->sectors[j].label);
    for (size_t s = 0; s < about->S; s++)
        if (strlen(about->groups[s].id) == length && !strncmp(about->groups[s].id, id, length))
            return label_name(r, &about->groups[s]);
    return NULL;
}

const char *where_words(const report *r, const description *about, const char *where)
{
    writer w = {0};
    const char *text = NULL;
    for (const char *at = where; at && *at;) {
        size_t length = strcspn(at, ",");
        const char *name = name_of_id(r, about, at, length);
        if (!name && length == 5 && !strncmp(at, "world", 5)) name = pick(r->language, "world", "全世界");
        if (name) put(&w, name);
        else put_format(&w, "%.*s", (int)length, at);
        at += length;
        if (*at) put(&w, pick(r->language, ", ", "，"));
        while (*at == ',' || *at == ' ') at++;
    }
    if (w.bytes && !w.failed) text = arena_text(r->memory, w.bytes);
    writer_free(&w);
    return text ? text : "";
}

/* The rungs of the solver's ladder (solve/ladder.c). */
const char *solver_words(const report *r, const char *method)
{
    static const char *const words[][3] = {{"none", "none needed", "无需迭代"},
                                           {"anderson", "Anderson acceleration", "Anderson 加速"},
                                           {"newton_krylov", "Newton-Krylov", "Newton-Krylov"},
                                           {"plain", "plain damped steps", "普通阻尼迭代"},
                                           {"continuation", "a path of smaller shocks", "逐步加大冲击"}};
    for (size_t k = 0; method && k < sizeof words / sizeof words[0]; k++)
        if (!strcmp(words[k][0], method)) return pick(r->language, words[k][1], words[k][2]);
    return method ? method : "-";
}

void put_line(report *r, grid *g, const char *english, const char *chinese, const char *text)
{
    grid_cell(g, pick(r->language, english, chinese));
    grid_cell(g, text);
}

static const char *place_of_equation(report *r, const description *about, const bashu_equation *e)
{
    const char *where = where_words(r, about, e->where);
    return arena_format(r->memory, "%-8s %s%s%s", small_text(r->memory, e->residual), equation_words(r, e->name),
                        *where ? pick(r->language, ": ", "：") : "", where);
}

const char *worst_words(const report *r, const description *about, const char *worst)
{
    size_t length = strcspn(worst, ":");
    char *equation = arena_format(r->memory, "%.*s", (int)length, worst);
    const char *where = worst[length] ? where_words(r, about, worst + length + 2) : "";
    const char *text = equation ? arena_format(r->memory, "%s%s%s", equation_words(r, equation), *where ? pick(r->language, ": ", "：") : "", where) : NULL;
    return text ? text : "";
}

/* The worst first, by itself; then all of them. */
static void put_equations(report *r, grid *g, const description *about, const bashu_info *info)
{
    const bashu_equation *worst = NULL;
    for (size_t k = 0; k < info->equation_count; k++)
        if (!worst || !(info->equations[k].residual <= worst->residual)) worst = &info->equations[k];
    put_line(r, g, "worst residual", "最大残差",
             worst ? place_of_equation(r, about, worst)
                   : arena_format(r->memory, "%s %s", small_text(r->memory, info->residual),
                                  info->worst ? info->worst : ""));
    for (size_t k = 0; k < info->equation_count; k++) {
        grid_cell(g, k ? "" : pick(r->language, "every equation", "各方程残差"));
        grid_cell(g, place_of_equation(r, about, &info->equations[k]));
    }
}

bashu_status put_certificate(report *r, const bashu_result *result)
{
    const bashu_info *info = &result->info;
    bool zh = r->language == BASHU_ZH;
    grid *g = grid_new(r->memory, "ll");
    put_line(r, g, "outcome", "结论", reason_words(r, info->reason));
    put_line(r, g, "method", "方法",
             arena_format(r->memory,
                          zh ? "%s，遍历贸易份额 %d 次，%.2f 秒" : "%s, %d passes over the trade shares, %.2f s",
                          solver_words(r, info->method), info->passes, info->time_s));
    put_line(r, g, "forward error", "前向误差估计", small_text(r->memory, info->forward_error));
    put_line(r, g, "only equilibrium", "唯一性", uniqueness_words(r, info->uniqueness));
    put_line(r, g, "other starts", "多初值检验", starts_words(r, info));
    put_equations(r, g, &result->economy->about, info);
    grid_put(&r->out, g, "  ");
    return BASHU_OK;
}

/* Where the residual stood along the way: at most eight points, the last included. */
static void put_history(report *r, const bashu_info *info)
{
    size_t count = info->history_count, shown = count < 8 ? count : 8;
    if (!count) return;
    put_format(&r->out, "  %s:", pick(r->language, "residual along the way", "残差变化"));
    for (size_t k = 0; k < shown; k++) {
        size_t at = shown > 1 ? k * (count - 1) / (shown - 1) : 0;
        put_format(&r->out, " [%zu] %s", at + 1, small_text(r->memory, info->history[at]));
    }
    put(&r->out, "\n");
}

bashu_status put_failure(report *r, const bashu_result *result)
{
    put_format(&r->out, "%s\n",
               pick(r->language, "No equilibrium was found; there are no results to show.",
                    "未找到均衡，因此不给出任何结果。"));
    TRY(put_certificate(r, result));
    put_history(r, &result->info);
    return BASHU_OK;
}
