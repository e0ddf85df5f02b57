/* foresight.c - people who look ahead. */
#include "time/path.h"

bashu_status foresight_follow(bashu_path *path)
{
    return fail(path->context, BASHU_ERROR_UNSUPPORTED, "model.time: foresight: feature not built yet; write growth or static");
}
