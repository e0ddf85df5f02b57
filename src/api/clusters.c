/* clusters.c - the public functions of clusters and of what it would take: argument checks and calls. */
#include "api/options.h"
#include "measure/clusters.h"
#include "policy/attain.h"
#include "report/clusters.h"

/* ---- clusters ------------------------------------------------------------------------------------ */

static bashu_status check_wanted(bashu_context *context, const bashu_clusters_options *o)
{
    if (!o) return BASHU_OK;
    if (o->version != 1) return fail(context, BASHU_ERROR_ARGUMENT, "options of clusters have version %d; start from BASHU_CLUSTERS_OPTIONS_INIT", o->version);
    if (o->neighbours < 1) return fail(context, BASHU_ERROR_ARGUMENT, "neighbours %d is below 1", o->neighbours);
    if (!(o->within_h >= 0)) return fail(context, BASHU_ERROR_ARGUMENT, "within %g is not a number of hours", o->within_h);
    if (o->permutations < 1 || o->permutations > 10000000)
        return fail(context, BASHU_ERROR_ARGUMENT, "permutations are 1 .. 10000000, not %d", o->permutations);
    if (!(o->false_discovery > 0 && o->false_discovery < 1))
        return fail(context, BASHU_ERROR_ARGUMENT, "the false discovery rate %g is outside (0, 1)", o->false_discovery);
    if (!(o->threshold >= 0)) return fail(context, BASHU_ERROR_ARGUMENT, "threshold %g is below 0", o->threshold);
    return BASHU_OK;
}

bashu_status bashu_clusters_new(bashu_clusters **out, const bashu_economy *economy, const bashu_clusters_options *wanted)
{
    if (out) *out = NULL;
    if (!economy) return BASHU_ERROR_ARGUMENT;
    if (!out) return fail(economy->context, BASHU_ERROR_ARGUMENT, "bashu_clusters_new needs a place for the clusters");
    TRY(check_wanted(economy->context, wanted));
    return clusters_new(out, economy, wanted);
}

void bashu_clusters_free(bashu_clusters *clusters) { clusters_free(clusters); }

static bashu_status check_sector(const bashu_clusters *clusters, const void *out, size_t sector)
{
    if (!clusters) return BASHU_ERROR_ARGUMENT;
    if (out && sector < clusters->economy->about.J) return BASHU_OK;
    return fail(clusters->context, BASHU_ERROR_ARGUMENT, "there are %zu sectors, and sector %zu is none of them", clusters->economy->about.J, sector);
}

bashu_status bashu_clusters_sector(const bashu_clusters *clusters, size_t sector, bashu_concentration *out)
{
    TRY(check_sector(clusters, out, sector));
    *out = clusters->sectors[sector];
    return BASHU_OK;
}

bashu_status bashu_clusters_place(const bashu_clusters *clusters, size_t sector, size_t region, bashu_local *out)
{
    TRY(check_sector(clusters, out, sector));
    size_t N = clusters->economy->about.N;
    if (region >= N) return fail(clusters->context, BASHU_ERROR_ARGUMENT, "there are %zu regions, and region %zu is none of them", N, region);
    return clusters_place(out, clusters, sector, region);
}

size_t bashu_clusters_count(const bashu_clusters *clusters) { return clusters ? clusters->cluster_count : 0; }

bashu_status bashu_clusters_get(const bashu_clusters *clusters, size_t index, bashu_cluster *out)
{
    if (!clusters) return BASHU_ERROR_ARGUMENT;
    if (!out || index >= clusters->cluster_count)
        return fail(clusters->context, BASHU_ERROR_ARGUMENT, "there are %zu clusters, and cluster %zu is none of them", clusters->cluster_count, index);
    *out = clusters->clusters[index];
    return BASHU_OK;
}

bashu_status bashu_clusters_gap(const bashu_clusters *clusters, size_t sector, bashu_cluster_gap *out)
{
    TRY(check_sector(clusters, out, sector));
    if (!clusters->compares) return fail(clusters->context, BASHU_ERROR_ARGUMENT, "the economy has no circles and none was named, so there is no gap");
    *out = clusters->gaps[sector];
    return BASHU_OK;
}

bashu_status bashu_clusters_report(char **out, const bashu_clusters *clusters, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!clusters) return BASHU_ERROR_ARGUMENT;
    if (!out || !format) return fail(clusters->context, BASHU_ERROR_ARGUMENT, "bashu_clusters_report needs a place for the text and a format");
    return clusters_report(out, clusters, format, language);
}

/* ---- what it would take --------------------------------------------------------------------------- */

size_t bashu_attain_row_count(void) { return ATTAIN_ROW_COUNT; }

const bashu_attain_row *bashu_attain_row_at(size_t index) { return index < ATTAIN_ROW_COUNT ? &attain_rows[index] : NULL; }

static bashu_status check_attain(bashu_context *context, const bashu_attain_options *o)
{
    if (o->version != 1) return fail(context, BASHU_ERROR_ARGUMENT, "options of attain have version %d; start from BASHU_ATTAIN_OPTIONS_INIT", o->version);
    if (!o->sector) return fail(context, BASHU_ERROR_ARGUMENT, "what it would take is asked of a sector; name one");
    if (!(o->low > -100 && o->low <= 0 && o->high >= 0 && o->high <= 1e6))
        return fail(context, BASHU_ERROR_ARGUMENT, "the range %g to %g percent must hold no change, 0, and stay above -100", o->low, o->high);
    if (!(o->tolerance > 0 && o->tolerance <= 1e-2)) return fail(context, BASHU_ERROR_ARGUMENT, "tolerance %g is outside (0, 0.01]", o->tolerance);
    return BASHU_OK;
}

bashu_status bashu_attain_new(bashu_attain **out, const bashu_economy *economy, const bashu_attain_options *wanted, const bashu_options *options)
{
    if (out) *out = NULL;
    if (!economy) return BASHU_ERROR_ARGUMENT;
    if (!out || !wanted) return fail(economy->context, BASHU_ERROR_ARGUMENT, "bashu_attain_new needs a place for the answers, and what is wanted");
    TRY(check_attain(economy->context, wanted));
    TRY(options_check(economy->context, options));
    return attain_new(out, economy, wanted, options);
}

void bashu_attain_free(bashu_attain *attain) { attain_free(attain); }

size_t bashu_attain_count(const bashu_attain *attain) { return attain ? attain->count : 0; }

bashu_status bashu_attain_get(const bashu_attain *attain, size_t index, bashu_attain_answer *out)
{
    if (!attain) return BASHU_ERROR_ARGUMENT;
    if (!out || index >= attain->count)
        return fail(attain->context, BASHU_ERROR_ARGUMENT, "there are %zu answers, and answer %zu is none of them", attain->count, index);
    *out = attain->answers[index];
    return BASHU_OK;
}

bashu_status bashu_attain_report(char **out, const bashu_attain *attain, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!attain) return BASHU_ERROR_ARGUMENT;
    if (!out || !format) return fail(attain->context, BASHU_ERROR_ARGUMENT, "bashu_attain_report needs a place for the text and a format");
    return attain_report(out, attain, format, language);
}
