/* times.h - least times as CSV. */
#ifndef BASHU_REPORT_TIMES_H
#define BASHU_REPORT_TIMES_H

#include "measure/times.h"
#include "report/report.h"

/* Rows from,to,time_h from each of `from` to each of `to`, after a head where `head`. Errors: MEMORY. */
bashu_status times_csv(char **out, const bashu_times *times, const size_t *from, size_t from_count, const size_t *to, size_t to_count, bool head);

#endif
