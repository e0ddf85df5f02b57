/* channels.h - one outcome of an equilibrium split by the channel through which it changes, and by where that happens. */
#ifndef BASHU_MEASURE_CHANNELS_H
#define BASHU_MEASURE_CHANNELS_H

#include "measure/outcome.h"

/* In the order of channel_rows. */
typedef enum channel_id {
    CHANNEL_WAGES, CHANNEL_TRADE_COST, CHANNEL_PRODUCTIVITY, CHANNEL_AGGLOMERATION, CHANNEL_SUPPLIER_WAGES, CHANNEL_RENTS, CHANNEL_LAND,
    CHANNEL_RENT_INCOME, CHANNEL_TRANSFERS, CHANNEL_MOVING, CHANNEL_MIGRATION_COST, CHANNEL_CROWDING, CHANNEL_AMENITY, CHANNEL_COUNT
} channel_id;
extern const bashu_channel_row channel_rows[CHANNEL_COUNT];

struct bashu_channels {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    named_outcome asked;
    bashu_channels_info info;
    double *part;   /* [CHANNEL_COUNT][N] percentage points, by where the cause is */
    double *bought; /* [N] of these, what goods made there cost */
    double *sold;   /* [N] of the rest, by who buys; NULL where the outcome is not what is sold */
};
/* outcome: as outcome_read. Errors: ARGUMENT, for outcomes that are not of the list in channels.c and for results that are not one
 * equilibrium with its pairs; MEMORY. */
bashu_status channels_new(bashu_channels **out, const bashu_result *result, const char *outcome);
void channels_free(bashu_channels *channels);
/* What does not come through prices, by partner: through what is sold there, or else through what happens there. */
double channels_elsewise(const bashu_channels *channels, size_t region);

#endif
