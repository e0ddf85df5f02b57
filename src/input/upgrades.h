/* upgrades.h - links that money makes faster, and the law by which it does (docs/network.md, "The best size of every link"). */
#ifndef BASHU_INPUT_UPGRADES_H
#define BASHU_INPUT_UPGRADES_H

#include "accounts/accounts.h"

typedef struct upgrade_law { /* of one item of `candidates` */
    elasticity capital_per_km; /* worth of what stands, currency unit per km; > 0 */
    elasticity returns;        /* percent less time per percent more capital; > 0 */
    double fastest_km_per_h;   /* no link gets faster than this over its length */
} upgrade_law;

typedef struct upgrade {
    size_t link, law;
    double capital, returns;   /* K, in the currency unit; gamma */
    double most;               /* money that brings it to the fastest speed; 0: it has that speed already */
} upgrade;

typedef struct upgrades {
    const char *name, *title_en, *title_zh, *path, *sha256;
    size_t law_count, count;
    upgrade_law *laws;
    upgrade *list;             /* [count] each link once, by link */
} upgrades;
/* What is read lives in `memory`. Errors: IO, INPUT (names file, line, field and the mend), ARGUMENT (no network), MEMORY. */
bashu_status upgrades_read(upgrades *out, arena *memory, arena *scratch, const bashu_economy *economy, const char *path);
/* The folder of its economy, allocated. Errors: IO, INPUT, MEMORY. */
bashu_status upgrades_economy(char **out, bashu_context *context, const char *path);

#endif
