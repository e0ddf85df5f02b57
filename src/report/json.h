/* json.h - small words for building JSON with jansson: a number that is not finite and a text that is not there are
 * null, and running out of memory is noticed once, by json_text. */
#ifndef BASHU_REPORT_JSON_H
#define BASHU_REPORT_JSON_H

#include "report/report.h"

#include <jansson.h>

void set_number(json_t *object, const char *key, double value);
void set_count(json_t *object, const char *key, size_t value);
void set_text(json_t *object, const char *key, const char *value);
/* Both take the value over. A NULL value becomes null. */
void set_value(json_t *object, const char *key, json_t *value);
void add_value(json_t *array, json_t *value);
/* Puts the object with 17 significant digits and gives it back. */
bashu_status put_json(report *r, json_t *object);

json_t *json_certificate(const bashu_result *result);
/* Parts of the JSON of a package that the manifest and the comparison also have. */
/* A file that was read, with its hash. */
void add_file(json_t *files, const char *path, const char *sha256);
json_t *json_files(const description *about, const bashu_scenario *scenario);
json_t *json_options(const bashu_options *options);
json_t *json_change(const change *c);
json_t *json_model(const description *about);
json_t *json_summary(const set_summary *row);
/* Sets HEADLINE_pct of a set of regions; null where `result` has no equilibrium. */
bashu_status set_percents(report *r, json_t *object, const bashu_result *result, const char *set, const char *member);

bashu_status json_package(report *r, const void *subject);
bashu_status json_economy(report *r, const void *subject);
bashu_status json_manifest(report *r, const void *subject);
bashu_status json_compare(report *r, const void *subject);

#endif
