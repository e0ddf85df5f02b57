/* verify.c - one case: converted in a folder of its own, its questions asked, each quantity compared row by row.
 *
 *   difference of a row   |ours - expected|;  relative: over |expected|
 *   it passes when        |ours - expected| <= max(absolute, relative |expected|); a number that is missing never does */
#include "verify/verify.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- a folder for a while ------------------------------------------------------------------------------ */

static bashu_status folder_open(char **out, arena *memory)
{
    const char *base = getenv("TMPDIR");
    char *path = arena_format(memory, "%s/bashu-verify-XXXXXX", base && *base ? base : "/tmp");
    if (!path) return fail_memory(arena_context(memory));
    if (!mkdtemp(path))
        return fail(arena_context(memory), BASHU_ERROR_IO, "%s: cannot be made (error %d); set TMPDIR to a folder that can be written",
                    path, errno);
    *out = path;
    return BASHU_OK;
}

/* It holds files and no folders. Needs no memory: it is called where there may be none. */
static void folder_close(const char *path)
{
    DIR *folder = opendir(path);
    for (const struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) (void)unlinkat(dirfd(folder), entry->d_name, 0); /* . and .. refuse */
    if (folder) closedir(folder);
    (void)rmdir(path);
}

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* ---- comparing ----------------------------------------------------------------------------------------- */

typedef struct comparing {
    bashu_context *context;
    arena *memory;
    const verify_case *about;
    const case_quantity *quantity;
    compared *rows;
    size_t count, room;
} comparing;

/* Labels are all columns but the last two, joined. */
static bashu_status label_row(const char **out, comparing *c, const cell *cells, size_t count)
{
    char words[256] = "";
    size_t used = 0;
    for (size_t k = 0; k < count && used + 1 < sizeof words; k++) {
        const char *space = k ? " " : "";
        int length = cells[k].text ? snprintf(words + used, sizeof words - used, "%s%s", space, cells[k].text)
                                   : snprintf(words + used, sizeof words - used, "%s%.15g", space, cells[k].number);
        used += length > 0 ? (size_t)length : 0;
    }
    *out = arena_text(c->memory, words);
    return *out ? BASHU_OK : fail_memory(c->context);
}

static bashu_status grow(comparing *c)
{
    if (c->count < c->room) return BASHU_OK;
    size_t room = 2 * c->room + 64;
    compared *rows = arena_alloc(c->memory, room, sizeof *rows);
    if (!rows) return fail_memory(c->context);
    if (c->count) memcpy(rows, c->rows, c->count * sizeof *rows);
    c->rows = rows;
    c->room = room;
    return BASHU_OK;
}

static bashu_status take_row(void *payload, const char *const *columns, const cell *cells, size_t count)
{
    comparing *c = payload;
    if (count < 2)
        return fail(c->context, BASHU_ERROR_INPUT, "%s:%zu: quantity '%s': needs the columns label, expected, ours", c->about->path,
                    c->quantity->line, c->quantity->name);
    for (size_t k = count - 2; k < count; k++)
        if (cells[k].text)
            return fail(c->context, BASHU_ERROR_INPUT, "%s:%zu: quantity '%s': column '%s' holds the text '%s' where a number is compared",
                        c->about->path, c->quantity->line, c->quantity->name, columns[k], cells[k].text);
    TRY(grow(c));
    compared *row = &c->rows[c->count++];
    TRY(label_row(&row->label, c, cells, count - 2));
    row->expected = cells[count - 2].number;
    row->ours = cells[count - 1].number;
    return BASHU_OK;
}

/* How far off, where 1 is just allowed; infinite where a number is missing. */
static double distance_of(const compared *row, const case_quantity *q)
{
    double off = fabs(row->ours - row->expected), allowed = fmax(q->absolute, q->relative * fabs(row->expected));
    if (!isfinite(off)) return (double)INFINITY;
    return off <= allowed ? (allowed > 0 ? off / allowed : 0) : fmax(off / allowed, nextafter(1, 2));
}

static void judge(verified *v)
{
    double furthest = -1;
    for (size_t k = 0; k < v->count; k++) {
        const compared *row = &v->rows[k];
        double off = fabs(row->ours - row->expected), here = distance_of(row, v->quantity);
        v->max_abs = worse(v->max_abs, off);
        v->max_rel = worse(v->max_rel, off == 0 ? 0 : off / fabs(row->expected));
        if (here <= furthest) continue;
        furthest = here;
        v->worst = k;
    }
    bool complete = v->quantity->rows > 0 ? (double)v->count == v->quantity->rows : v->count > 0; /* no rows show nothing */
    v->pass = complete && furthest <= 1;
}

static bashu_status compare(verified *v, database *d, arena *memory)
{
    comparing c = {.context = arena_context(memory), .memory = memory, .about = v->about, .quantity = v->quantity};
    sql_place place = {v->about->path, v->quantity->line};
    TRY(database_query(d, place, v->quantity->sql, take_row, &c));
    v->rows = c.rows;
    v->count = c.count;
    judge(v);
    return BASHU_OK;
}

/* ---- one case ------------------------------------------------------------------------------------------ */

/* Rows of all quantities, nothing compared yet. */
static bashu_status begin_case(verified **out, bashu_verification *v, const verify_case *c, const char *method)
{
    if (v->count + c->quantity_count > v->room) {
        size_t room = 2 * v->room + c->quantity_count;
        verified *items = arena_alloc(v->memory, room, sizeof *items);
        if (!items) return fail_memory(v->context);
        if (v->count) memcpy(items, v->items, v->count * sizeof *items);
        v->items = items;
        v->room = room;
    }
    *out = v->items + v->count;
    for (size_t k = 0; k < c->quantity_count; k++)
        (*out)[k] = (verified){.about = c, .quantity = &c->quantities[k], .method = method, .reason = BASHU_CONVERGED_RESIDUAL};
    return BASHU_OK;
}

/* What may read answers. */
static bashu_status readers_of(const char *const **out, arena *memory, const verify_case *c)
{
    size_t room = c->quantity_count + 1, count = 0;
    for (size_t k = 0; k < c->run_count; k++) room += c->runs[k].conversion.convert_count;
    const char **sql = arena_alloc(memory, room, sizeof *sql);
    if (!sql) return fail_memory(arena_context(memory));
    for (size_t k = 0; k < c->quantity_count; k++) sql[count++] = c->quantities[k].sql;
    for (size_t k = 0; k < c->run_count; k++)
        for (size_t f = 0; f < c->runs[k].conversion.convert_count; f++) {
            text_file file;
            TRY(case_file(&file, memory, c, c->runs[k].conversion.convert[f]));
            sql[count++] = file.bytes;
        }
    *out = sql;
    return BASHU_OK;
}

static bashu_status ask_all(run_outcome *outcome, database *d, arena *memory, const verify_case *c, const char *economy,
                            const bashu_options *options)
{
    bashu_context *context = arena_context(memory);
    opened_economy opened = {0};
    run_settings settings = {.context = context, .about = c, .economy = economy, .options = *options, .opened = &opened};
    settings.options.starts = 0; /* one answer is compared; a case may ask for more */
    bashu_status status = readers_of(&settings.sql, memory, c);
    for (size_t k = 0; k < c->run_count && outcome->reason > 0 && !outcome->missing && status == BASHU_OK; k++) {
        report_progress(context, (double)k / (double)c->run_count, c->name);
        status = run_ask(d, &c->runs[k], &settings, outcome);
    }
    economy_close(&opened);
    return status;
}

static bashu_status verify_in(verified *rows, arena *kept, arena *memory, const verify_case *c, const char *inputs, const char *economy,
                              const bashu_options *options)
{
    double start = now_s();
    run_outcome outcome = {.reason = BASHU_CONVERGED_RESIDUAL};
    database *d;
    TRY(database_open(&d, memory));
    TRY(convert_load(d, memory, c, inputs, true));
    if (c->run_count) TRY(convert_write(d, memory, c, economy, false));
    TRY(ask_all(&outcome, d, memory, c, economy, options));
    for (size_t k = 0; k < c->quantity_count; k++) {
        rows[k].reason = outcome.reason;
        rows[k].missing = outcome.missing;
        rows[k].absent = outcome.missing != NULL;
        if (outcome.reason > 0 && !outcome.missing) TRY(compare(&rows[k], d, kept));
        rows[k].passes = outcome.passes;
    }
    for (size_t k = 0; k < c->quantity_count; k++) rows[k].time_s = now_s() - start;
    return BASHU_OK;
}

/* Files of a conversion are gone when somebody reads the message: it names the case. */
static bashu_status name_case(bashu_context *context, const verify_case *c, bashu_status status)
{
    char words[1024];
    if (status == BASHU_OK || status == BASHU_ERROR_MEMORY || status == BASHU_INTERRUPTED) return status;
    snprintf(words, sizeof words, "%s", bashu_message(context));
    return fail(context, status, "case %s: %s", c->name, words);
}

/* A fresh arena for all that the comparison does not keep. */
static bashu_status verify_fresh(verified *rows, bashu_verification *v, const verify_case *c, const char *inputs,
                                 const bashu_options *options)
{
    arena *memory = arena_new(v->context);
    char *economy = NULL;
    bashu_status status = memory ? folder_open(&economy, memory) : fail_memory(v->context);
    if (status == BASHU_OK) {
        status = verify_in(rows, v->memory, memory, c, inputs, economy, options);
        folder_close(economy);
    }
    arena_free(memory);
    return status;
}

static const char *method_name(const bashu_options *options)
{
    for (size_t k = 0; k < bashu_option_count(); k++) {
        const bashu_option_row *row = bashu_option_at(k);
        if (!strcmp(row->name, "method") && options->method >= 0 && options->method <= (int)row->high) return row->words[options->method];
    }
    return "";
}

/* Whether the case has been asked before and no solver of equilibria had a part in it: another method would be the same. */
static bool is_known(const bashu_verification *v, const verify_case *c)
{
    bool solves = false, asked = false;
    for (size_t k = 0; k < c->run_count; k++) solves |= run_solves(&c->runs[k]);
    for (size_t k = 0; k < v->count; k++) asked |= !strcmp(v->items[k].about->path, c->path);
    return asked && !solves;
}

bashu_status verification_add(bashu_verification *v, const char *folder, const char *reference, const bashu_options *options)
{
    static const bashu_options defaults = BASHU_OPTIONS_INIT;
    const bashu_options *chosen = options ? options : &defaults;
    const verify_case *c;
    verified *rows = NULL;
    TRY(case_read(&c, v->memory, folder));
    if (is_known(v, c)) return BASHU_OK;
    TRY(begin_case(&rows, v, c, method_name(chosen)));
    const char *inputs = c->package && !reference ? NULL : case_inputs_folder(c, v->memory, reference);
    if ((!c->package || reference) && !inputs) return fail_memory(v->context);
    bool absent = c->package && (!inputs || !is_folder(inputs));
    for (size_t k = 0; k < c->quantity_count; k++) rows[k].absent = absent;
    if (!absent) TRY(name_case(v->context, c, verify_fresh(rows, v, c, inputs, chosen)));
    v->count += c->quantity_count;
    return BASHU_OK;
}

bashu_status verification_new(bashu_verification **out, bashu_context *context)
{
    arena *memory = arena_new(context);
    bashu_verification *v = memory ? arena_alloc(memory, 1, sizeof *v) : NULL;
    if (!v) {
        arena_free(memory);
        return fail_memory(context);
    }
    *v = (bashu_verification){.context = context, .memory = memory};
    *out = v;
    return BASHU_OK;
}

void verification_free(bashu_verification *v)
{
    if (v) arena_free(v->memory);
}
