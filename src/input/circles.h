/* circles.h - circles of a file, and claims of a file. */
#ifndef BASHU_INPUT_CIRCLES_H
#define BASHU_INPUT_CIRCLES_H

#include "accounts/accounts.h"

typedef struct own_circle {
    label label;
    const unsigned char *regions; /* [N] */
    size_t core[2];               /* regions; SIZE_MAX: not stated */
} own_circle;
/* Format of docs/circles.md. What is read lives in `memory`. Errors: IO, INPUT, MEMORY. */
bashu_status own_circles_read(own_circle **out, size_t *count, arena *memory, arena *scratch, const bashu_economy *economy, const char *path);

/* ---- claims (docs/audit.md) -------------------------------------------------------------------------- */

typedef enum claim_relation { CLAIM_EQUALS, CLAIM_APPROACHED, CLAIM_ABOUT, CLAIM_AT_LEAST, CLAIM_RANK, CLAIM_RELATIONS } claim_relation;
extern const char *const claim_relation_words[CLAIM_RELATIONS + 1];

/* Whose number: one member of a set with its parts, or whole regions. */
typedef struct claim_place {
    const char *set, *member;     /* "" where `regions` says */
    const unsigned char *regions; /* [N]; NULL: the set */
    const char *words;            /* as written: circle CCEC; province 510000, 500000 */
} claim_place;

typedef struct claim_reading {
    const char *variable;
    const unsigned char *sectors; /* [J] of value_added; NULL: all */
    claim_place of, share_of;     /* share_of.words NULL: the number itself */
    const char *rank_set;         /* of CLAIM_RANK: among members of this set whose regions lie in `within`; else NULL */
    claim_place within;           /* words NULL: everywhere */
    int year;
    const char *note_en, *note_zh; /* "" */
} claim_reading;

typedef struct claim {
    const char *id, *text_en, *text_zh, *needs_en, *needs_zh; /* needs: what would have to be known; "" */
    double says, unit, printed;   /* in `unit` of the variable's own (0.01: percent); the last printed digit */
    const char *unit_word;        /* as written, "percent" or "" */
    claim_relation relation;
    size_t reading_count;
    claim_reading *readings;      /* the first is how it was meant */
} claim;

typedef struct claims {
    const char *path, *sha256, *source;
    size_t count;
    claim *list;
} claims;
/* path NULL: claims.yaml of the economy's folder. Errors: IO, INPUT, MEMORY. */
bashu_status claims_read(claims *out, arena *memory, arena *scratch, const bashu_economy *economy, const char *path);

#endif
