/* economy.h - folders and files to data and scenarios. Formats: docs/economy-format.md, docs/scenario-format.md.
 *
 * Reading stops at the first error; its message names file, line, field and the mend. */
#ifndef BASHU_INPUT_ECONOMY_H
#define BASHU_INPUT_ECONOMY_H

#include "accounts/accounts.h"

/* model_file: NULL, or a file whose elasticities (for every item) and switches replace the economy's.
 * Errors: IO, INPUT, MEMORY. */
bashu_status economy_read(bashu_data **out, bashu_context *context, const char *folder, const char *model_file);
/* "elasticities.NAME" or "model.SWITCH"; an elasticity set this way holds for every region, sector or group.
 * Errors: ARGUMENT (with "did you mean"), INPUT when the economy has no network that the new value needs, MEMORY. */
bashu_status data_set(bashu_data *data, const char *path, const char *value);
void data_free(bashu_data *data);

/* The economy must outlive the scenario. Errors: IO, INPUT, MEMORY. */
bashu_status scenario_read(bashu_scenario **out, const bashu_economy *economy, const char *path);
void scenario_free(bashu_scenario *scenario);
/* The economy folder the file names, resolved against the file; *out is freed with free(). */
bashu_status scenario_economy(char **out, bashu_context *context, const char *path);

#endif
