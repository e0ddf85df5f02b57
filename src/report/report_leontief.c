/* report_leontief.c - input-output accounts in words, as JSON and as CSV. */
#include "report/flows.h"
#include "report/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 20 }; /* regions and industries of a table for people */

/* ---- sets of regions ------------------------------------------------------------------------------ */

/* A circle of an economy, or its nation, as one region. */
typedef struct set_account {
    const label *label; /* NULL: the nation */
    leontief_region account;
} set_account;

/* The circles, then the nation; NULL without circles, or without memory. */
static set_account *sets_of(arena *memory, const bashu_leontief *a, size_t account, size_t *count)
{
    long g = a->economy ? find_set(&a->economy->about, "circle") : -1;
    *count = 0;
    if (g < 0) return NULL;
    const region_set *circles = &a->economy->about.sets[g];
    set_account *rows = arena_alloc(memory, circles->member_count + 1, sizeof *rows);
    unsigned char *inside = arena_alloc(memory, a->R, 1);
    if (!rows || !inside) return NULL;
    for (size_t m = 0; m <= circles->member_count; m++) {
        bool nation = m == circles->member_count;
        for (size_t n = 0; n < a->R; n++)
            inside[n] = nation ? (long)n != a->economy->about.foreign : circles->member_of[n] == (long)m;
        rows[m].label = nation ? NULL : &circles->members[m];
        rows[m].account = leontief_set_of(a, account, inside);
    }
    *count = circles->member_count + 1;
    return rows;
}

/* ---- text ----------------------------------------------------------------------------------------- */

static const char *region_title(const report *r, const bashu_leontief *a, size_t region)
{
    return a->economy ? label_name(r, &a->economy->about.regions[region].label) : a->regions[region];
}

/* Decimals with which the largest number shows about six digits. */
static int decimals_for(double largest)
{
    int decimals = 0;
    for (double shown = 1e5; decimals < 6 && largest > 0 && largest < shown; shown /= 10) decimals++;
    return decimals;
}

static void head_cells(report *r, grid *g)
{
    grid_cell(g, "");
    grid_cell(g, pick(r->language, "by production", "生产侧"));
    grid_cell(g, pick(r->language, "by consumption", "消费侧"));
    grid_cell(g, pick(r->language, "exports", "隐含出口"));
    grid_cell(g, pick(r->language, "imports", "隐含进口"));
}

static void account_cells(report *r, grid *g, const char *title, const leontief_region *of, int decimals)
{
    grid_cell(g, title);
    grid_cell(g, number_text(r->memory, of->pba, decimals));
    grid_cell(g, number_text(r->memory, of->cba, decimals));
    grid_cell(g, number_text(r->memory, of->exports, decimals));
    grid_cell(g, number_text(r->memory, of->imports, decimals));
}

typedef struct ranked {
    leontief_region account;
    size_t region;
} ranked;

static int compare_ranked(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->account.pba != y->account.pba) return x->account.pba > y->account.pba ? -1 : 1;
    return x->region < y->region ? -1 : x->region > y->region;
}

static bashu_status put_account(report *r, const bashu_leontief *a, size_t account)
{
    size_t set_count, shown = a->R < SHOWN ? a->R : SHOWN;
    const set_account *sets = sets_of(r->memory, a, account, &set_count);
    ranked *rows = arena_alloc(r->memory, a->R, sizeof *rows);
    if (!rows) return fail_memory(r->context);
    double largest = 0;
    for (size_t n = 0; n < a->R; n++) {
        rows[n] = (ranked){leontief_region_of(a, account, n), n};
        largest = fmax(largest, fabs(rows[n].account.pba));
    }
    if (a->R > SHOWN) qsort(rows, a->R, sizeof *rows, compare_ranked);
    int decimals = decimals_for(largest);
    grid *g = grid_new(r->memory, "lrrrr");
    head_cells(r, g);
    for (size_t m = 0; m < set_count; m++)
        account_cells(r, g, sets[m].label ? label_name(r, sets[m].label) : pick(r->language, "Nation", "全国"),
                      &sets[m].account, decimals);
    for (size_t k = 0; k < shown; k++)
        account_cells(r, g, region_title(r, a, rows[k].region), &rows[k].account, decimals);
    put_format(&r->out, "\n%s", a->accounts[account]);
    if (a->economy) put_format(&r->out, "  (%s)", currency_name(r, &a->economy->about));
    put(&r->out, "\n");
    grid_put(&r->out, g, "  ");
    if (shown < a->R)
        put_format(&r->out,
                   r->language == BASHU_ZH ? "  最大的 %zu 个地区，共 %zu 个\n" : "  the %zu largest of %zu regions\n",
                   shown, a->R);
    return BASHU_OK;
}

static void put_checks(report *r, const bashu_leontief *a)
{
    static const char *const words[][3] = {
        {"balance", "outputs against what final demand calls for", "总产出与最终需求的平衡"},
        {"inverse", "(I - A) L against I", "逆矩阵核对"},
        {"solution", "worst right side of the iteration", "迭代方程残差"},
        {"embodied", "accounts made against accounts used", "账户收支核对"},
    };
    const bashu_leontief_info *info = &a->info;
    grid *g = grid_new(r->memory, "ll");
    put_line(r, g, "outcome", "结论", reason_words(r, info->reason));
    for (size_t k = 0; k < info->equation_count; k++)
        for (size_t w = 0; w < sizeof words / sizeof words[0]; w++)
            if (!strcmp(words[w][0], info->equations[k].name))
                put_line(r, g, words[w][1], words[w][2],
                         arena_format(r->memory, "%s%s%s", small_text(r->memory, info->equations[k].residual),
                                      *info->equations[k].where ? "  " : "", info->equations[k].where));
    if (isfinite(info->spectral_radius))
        put_line(r, g, "spectral radius at most", "谱半径不超过", number_text(r->memory, info->spectral_radius, 6));
    if (info->passes) put_line(r, g, "sweeps", "迭代次数", arena_format(r->memory, "%d", info->passes));
    put_format(&r->out, "\n%s\n", pick(r->language, "Certificate", "核验证书"));
    grid_put(&r->out, g, "  ");
}

static bashu_status text_leontief(report *r, const void *subject)
{
    const bashu_leontief *a = subject;
    put_format(&r->out,
               r->language == BASHU_ZH ? "%s 的投入产出核算：%zu 个地区，%zu 个部门\n"
                                       : "Input-output accounts of %s: %zu regions, %zu sectors\n",
               a->name, a->R, a->J);
    for (size_t k = 0; k < a->account_count; k++) TRY(put_account(r, a, k));
    put_checks(r, a);
    return BASHU_OK;
}

/* ---- JSON ----------------------------------------------------------------------------------------- */

static json_t *names_json(const char *const *names, size_t count)
{
    json_t *list = json_array();
    for (size_t k = 0; k < count; k++) add_value(list, json_string(names[k]));
    return list;
}

static json_t *trade_json(const bashu_leontief *a)
{
    json_t *list = json_array();
    for (size_t n = 0; n < a->R; n++) {
        json_t *object = json_object();
        set_text(object, "id", a->regions[n]);
        set_number(object, "final_demand", a->bought[n]);
        set_number(object, "gross_exports", a->gross_exports[n]);
        add_value(list, object);
    }
    return list;
}

static json_t *region_json(const char *id, const leontief_region *of)
{
    json_t *object = json_object();
    set_text(object, "id", id);
    set_number(object, "pba", of->pba);
    set_number(object, "cba", of->cba);
    set_number(object, "exports", of->exports);
    set_number(object, "imports", of->imports);
    set_number(object, "direct", of->direct);
    return object;
}

static json_t *account_json(report *r, const bashu_leontief *a, size_t account)
{
    json_t *object = json_object(), *regions = json_array();
    size_t set_count;
    const set_account *sets = sets_of(r->memory, a, account, &set_count);
    set_text(object, "id", a->accounts[account]);
    for (size_t n = 0; n < a->R; n++) {
        leontief_region of = leontief_region_of(a, account, n);
        add_value(regions, region_json(a->regions[n], &of));
    }
    set_value(object, "regions", regions);
    if (!set_count) return object;
    json_t *circles = json_array();
    for (size_t m = 0; m < set_count; m++)
        add_value(circles, region_json(sets[m].label ? sets[m].label->id : "all", &sets[m].account));
    set_value(object, "circles", circles);
    return object;
}

static json_t *certificate_json(const bashu_leontief *a)
{
    const bashu_leontief_info *info = &a->info;
    json_t *object = json_object(), *equations = json_object();
    set_number(object, "residual", info->residual);
    set_number(object, "spectral_radius_at_most", info->spectral_radius);
    for (size_t k = 0; k < info->equation_count; k++)
        set_number(equations, info->equations[k].name, info->equations[k].residual);
    set_value(object, "equations", equations);
    return object;
}

static bashu_status json_leontief(report *r, const void *subject)
{
    const bashu_leontief *a = subject;
    json_t *object = json_object(), *accounts = json_array(), *files = json_array(), *industries = json_array();
    set_text(object, "version", BASHU_VERSION);
    set_text(object, "name", a->name);
    set_text(object, "reason", bashu_reason_text(a->info.reason));
    set_value(object, "sweeps", json_integer(a->info.passes));
    set_value(object, "certificate", certificate_json(a));
    set_value(object, "regions", trade_json(a));
    set_value(object, "sectors", names_json(a->sectors, a->J));
    for (size_t k = 0; k < a->account_count; k++) add_value(accounts, account_json(r, a, k));
    set_value(object, "accounts", accounts);
    for (size_t i = 0; i < a->R * a->J; i++) {
        json_t *industry = json_object();
        set_text(industry, "region", a->regions[i / a->J]);
        set_text(industry, "sector", a->sectors[i % a->J]);
        set_number(industry, "output", a->output[i]);
        if (a->output_multiplier) set_number(industry, "output_multiplier", a->output_multiplier[i]);
        add_value(industries, industry);
    }
    set_value(object, "industries", industries);
    for (size_t f = 0; f < a->file_count; f++) add_file(files, a->files[f].path, a->files[f].sha256);
    set_value(object, "files", files);
    json_t *time = json_object();
    set_number(time, "solve_s", a->info.time_s);
    set_value(object, "time", time);
    return put_json(r, object);
}

/* ---- CSV ------------------------------------------------------------------------------------------ */

static bashu_status csv_accounts(report *r, const void *subject)
{
    const bashu_leontief *a = subject;
    put(&r->out, "account,region,pba,cba,exports,imports,direct\n");
    for (size_t k = 0; k < a->account_count; k++)
        for (size_t n = 0; n < a->R; n++) {
            leontief_region of = leontief_region_of(a, k, n);
            put_field(&r->out, a->accounts[k], false);
            put_field(&r->out, a->regions[n], false);
            put_number_field(&r->out, of.pba, false);
            put_number_field(&r->out, of.cba, false);
            put_number_field(&r->out, of.exports, false);
            put_number_field(&r->out, of.imports, false);
            put_number_field(&r->out, of.direct, true);
        }
    return BASHU_OK;
}

static bashu_status csv_embodied(report *r, const void *subject)
{
    const bashu_leontief *a = subject;
    put(&r->out, "account,made_in,used_in,value\n");
    for (size_t k = 0; k < a->account_count; k++)
        for (size_t n = 0; n < a->R; n++)
            for (size_t s = 0; s < a->R; s++) {
                put_field(&r->out, a->accounts[k], false);
                put_field(&r->out, a->regions[n], false);
                put_field(&r->out, a->regions[s], false);
                put_number_field(&r->out, a->embodied[at3(k, n, s, a->R, a->R)], true);
            }
    return BASHU_OK;
}

static bashu_status csv_industries(report *r, const void *subject)
{
    const bashu_leontief *a = subject;
    size_t N = a->R * a->J, columns = a->multiplier ? a->account_count : 0;
    put_format(&r->out, "region,sector,output%s", a->multiplier ? ",output_multiplier" : "");
    if (columns) put(&r->out, ",");
    for (size_t k = 0; k < columns; k++) {
        char *name = arena_format(r->memory, "multiplier_%s", a->accounts[k]);
        if (!name) return fail_memory(r->context);
        put_field(&r->out, name, k + 1 == columns);
    }
    if (!columns) put(&r->out, "\n");
    for (size_t i = 0; i < N; i++) {
        put_field(&r->out, a->regions[i / a->J], false);
        put_field(&r->out, a->sectors[i % a->J], false);
        put_number_field(&r->out, a->output[i], !columns);
        if (columns) put_number_field(&r->out, a->output_multiplier[i], false);
        for (size_t k = 0; k < columns; k++) put_number_field(&r->out, a->multiplier[at2(k, i, N)], k + 1 == columns);
    }
    return BASHU_OK;
}

static bashu_status csv_inverse(report *r, const void *subject)
{
    const bashu_leontief *a = subject;
    size_t J = a->J, N = a->R * J;
    if (!a->inverse)
        return fail(r->context, BASHU_ERROR_UNSUPPORTED, "the inverse is not formed for a calibrated economy");
    put(&r->out, "origin_region,origin_sector,destination_region,destination_sector,value\n");
    for (size_t o = 0; o < N; o++)
        for (size_t d = 0; d < N; d++) {
            double value = a->inverse[at2(d, o, N)];
            if (value == 0) continue;
            put_field(&r->out, a->regions[o / J], false);
            put_field(&r->out, a->sectors[o % J], false);
            put_field(&r->out, a->regions[d / J], false);
            put_field(&r->out, a->sectors[d % J], false);
            put_number_field(&r->out, value, true);
        }
    return BASHU_OK;
}

static const report_format formats[] = {
    {"text", text_leontief},
    {"json", json_leontief},
    {"accounts.csv", csv_accounts},
    {"embodied.csv", csv_embodied},
    {"industries.csv", csv_industries},
    {"inverse.csv", csv_inverse},
};

bashu_status leontief_report(char **out, const bashu_leontief *accounts, const char *format, bashu_language language)
{
    return report_write(out, accounts->context, language, formats, sizeof formats / sizeof formats[0], format,
                        accounts);
}
