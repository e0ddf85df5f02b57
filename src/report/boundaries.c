/* boundaries.c - GeoJSON (RFC 7946) to outlines of regions. */
#include "report/boundaries.h"

#include "input/input.h"

#include <jansson.h>
#include <string.h>
#include <unistd.h>

typedef struct reader {
    bashu_context *context;
    arena *memory;
    const description *about;
    const char *path;
    boundaries *b;
} reader;

static bashu_status wrong(const reader *r, size_t feature, const char *what)
{
    return fail(r->context, BASHU_ERROR_INPUT, "%s: feature %zu: %s", r->path, feature + 1, what);
}

/* Polygons as a list of lists of rings; NULL: neither a Polygon nor a MultiPolygon. */
static size_t polygon_count(const json_t *geometry, bool *multi)
{
    const char *type = json_string_value(json_object_get(geometry, "type"));
    *multi = type && !strcmp(type, "MultiPolygon");
    if (*multi) return json_array_size(json_object_get(geometry, "coordinates"));
    return type && !strcmp(type, "Polygon") ? 1 : 0;
}

static const json_t *polygon_at(const json_t *geometry, bool multi, size_t k)
{
    const json_t *all = json_object_get(geometry, "coordinates");
    return multi ? json_array_get(all, k) : all;
}

static void count_points(reader *r, const json_t *features)
{
    for (size_t f = 0; f < json_array_size(features); f++) {
        const json_t *geometry = json_object_get(json_array_get(features, f), "geometry");
        bool multi;
        for (size_t p = 0; p < polygon_count(geometry, &multi); p++) {
            const json_t *rings = polygon_at(geometry, multi, p);
            r->b->ring_count += json_array_size(rings);
            for (size_t k = 0; k < json_array_size(rings); k++) r->b->point_count += json_array_size(json_array_get(rings, k));
        }
    }
}

static bashu_status read_ring(reader *r, const json_t *ring, size_t feature, size_t *points, outline *out)
{
    size_t count = json_array_size(ring);
    boundaries *b = r->b;
    *out = (outline){*points, count ? count - 1 : 0};
    if (count < 4) return wrong(r, feature, "a ring has fewer than four points; write at least a triangle, its first point again at the end");
    for (size_t k = 0; k < count; k++) {
        const json_t *point = json_array_get(ring, k), *x = json_array_get(point, 0), *y = json_array_get(point, 1);
        if (!json_is_number(x) || !json_is_number(y)) return wrong(r, feature, "a point is no pair of numbers; write [longitude, latitude]");
        b->lon[*points] = json_number_value(x);
        b->lat[*points] = json_number_value(y);
        if (!(b->lon[*points] >= -180 && b->lon[*points] <= 180 && b->lat[*points] >= -90 && b->lat[*points] <= 90))
            return wrong(r, feature, "a point lies outside of the earth; write [longitude, latitude] in degrees");
        ++*points;
    }
    if (b->lon[out->first] != b->lon[*points - 1] || b->lat[out->first] != b->lat[*points - 1])
        return wrong(r, feature, "a ring is not closed; write its first point again at the end");
    --*points; /* the last is the first */
    return BASHU_OK;
}

static bashu_status find_region(reader *r, const json_t *feature, size_t index, long *region)
{
    const json_t *properties = json_object_get(feature, "properties"), *id = json_object_get(feature, "id");
    if (!id) id = json_object_get(properties, "id");
    const char *text = json_string_value(id), **ids = NULL;
    *region = -1;
    if (json_is_false(json_object_get(properties, "data"))) return BASHU_OK;
    if (!text) return wrong(r, index, "has no 'id'; write the id of a region as text");
    for (size_t n = 0; n < r->about->N; n++)
        if (!strcmp(r->about->regions[n].label.id, text)) {
            *region = (long)n;
            return BASHU_OK;
        }
    ids = arena_alloc(r->memory, r->about->N, sizeof *ids);
    if (!ids) return fail_memory(r->context);
    for (size_t n = 0; n < r->about->N; n++) ids[n] = r->about->regions[n].label.id;
    const char *near = nearest_name(text, ids, r->about->N);
    if (near) return fail(r->context, BASHU_ERROR_INPUT, "%s: feature %zu: unknown region '%s'; did you mean '%s'?", r->path, index + 1, text, near);
    return fail(r->context, BASHU_ERROR_INPUT, "%s: feature %zu: unknown region '%s'; write the id of a region, or the property \"data\": false", r->path, index + 1, text);
}

static bashu_status read_features(reader *r, const json_t *features)
{
    boundaries *b = r->b;
    size_t points = 0, rings = 0;
    bool multi;
    for (size_t f = 0; f < b->shape_count; f++) {
        const json_t *feature = json_array_get(features, f), *geometry = json_object_get(feature, "geometry");
        size_t polygons = polygon_count(geometry, &multi);
        shape *s = &b->shapes[f];
        TRY(find_region(r, feature, f, &s->region));
        s->in_inset = json_is_true(json_object_get(json_object_get(feature, "properties"), "inset"));
        s->first = rings;
        if (!polygons) return wrong(r, f, "has no polygon; write a geometry of type Polygon or MultiPolygon");
        for (size_t p = 0; p < polygons; p++) {
            const json_t *of = polygon_at(geometry, multi, p);
            for (size_t k = 0; k < json_array_size(of); k++) TRY(read_ring(r, json_array_get(of, k), f, &points, &b->rings[rings++]));
        }
        s->count = rings - s->first;
    }
    return BASHU_OK;
}

static bashu_status read_inset(reader *r, const json_t *inset)
{
    const json_t *lines = json_object_get(inset, "lines"), *title = json_object_get(inset, "title");
    boundaries *b = r->b;
    size_t points = 0, count = json_array_size(lines);
    for (size_t k = 0; k < count; k++) points += json_array_size(json_array_get(lines, k));
    const array_wanted wanted[] = {{&b->inset_x, points + 1}, {&b->inset_y, points + 1}};
    b->inset = arena_alloc(r->memory, count + 1, sizeof *b->inset);
    const char *en = json_string_value(json_object_get(title, "en")), *zh = json_string_value(json_object_get(title, "zh"));
    b->inset_en = arena_text(r->memory, en ? en : "");
    b->inset_zh = arena_text(r->memory, zh ? zh : "");
    if (!b->inset || !b->inset_en || !b->inset_zh || !ARENA_ARRAYS(r->memory, wanted)) return fail_memory(r->context);
    points = 0;
    for (size_t k = 0; k < count; k++) {
        const json_t *line = json_array_get(lines, k);
        b->inset[k] = (outline){points, json_array_size(line)};
        for (size_t q = 0; q < json_array_size(line); q++, points++) {
            b->inset_x[points] = json_number_value(json_array_get(json_array_get(line, q), 0));
            b->inset_y[points] = json_number_value(json_array_get(json_array_get(line, q), 1));
        }
    }
    b->inset_count = count;
    return BASHU_OK;
}

static bashu_status read_document(reader *r, const json_t *root)
{
    const json_t *features = json_object_get(root, "features");
    const char *type = json_string_value(json_object_get(root, "type")), *source = json_string_value(json_object_get(root, "source"));
    boundaries *b = r->b;
    if (!type || strcmp(type, "FeatureCollection") != 0 || !json_is_array(features))
        return fail(r->context, BASHU_ERROR_INPUT, "%s: is no GeoJSON FeatureCollection; write {\"type\": \"FeatureCollection\", \"features\": [...]}", r->path);
    b->shape_count = json_array_size(features);
    count_points(r, features);
    const array_wanted wanted[] = {{&b->lon, b->point_count + 1}, {&b->lat, b->point_count + 1}};
    b->shapes = arena_alloc(r->memory, b->shape_count + 1, sizeof *b->shapes);
    b->rings = arena_alloc(r->memory, b->ring_count + 1, sizeof *b->rings);
    b->source = arena_text(r->memory, source ? source : "");
    if (!b->shapes || !b->rings || !b->source || !ARENA_ARRAYS(r->memory, wanted)) return fail_memory(r->context);
    TRY(read_features(r, features));
    return read_inset(r, json_object_get(root, "inset"));
}

bashu_status boundaries_read(const boundaries **out, arena *memory, const description *about)
{
    reader r = {.context = arena_context(memory), .memory = memory, .about = about, .path = about->boundaries};
    text_file file;
    json_error_t error;
    *out = NULL;
    if (!about->boundaries || access(about->boundaries, R_OK) != 0) return BASHU_OK;
    arena *scratch = arena_new(r.context);
    if (!scratch) return fail_memory(r.context);
    bashu_status status = text_file_read(&file, scratch, about->boundaries);
    json_t *root = status == BASHU_OK ? json_loadb(file.bytes, file.size, JSON_REJECT_DUPLICATES, &error) : NULL;
    if (status == BASHU_OK && !root) status = fail(r.context, BASHU_ERROR_INPUT, "%s:%d: %s; write GeoJSON", about->boundaries, error.line, error.text);
    if (status == BASHU_OK && !(r.b = arena_alloc(memory, 1, sizeof *r.b))) status = fail_memory(r.context);
    if (status == BASHU_OK) status = read_document(&r, root);
    json_decref(root);
    arena_free(scratch);
    if (status == BASHU_OK) *out = r.b;
    return status;
}
