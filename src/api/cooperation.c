/* cooperation.c - the public functions of games between players: argument checks and calls. */
#include "api/options.h"
#include "policy/cooperation.h"
#include "report/cooperation.h"

bashu_status bashu_cooperation_new(bashu_cooperation **out, const bashu_scenario *scenario, const bashu_options *options, const char *variable, size_t orders)
{
    if (out) *out = NULL;
    if (!scenario) return BASHU_ERROR_ARGUMENT;
    if (!out) return fail(scenario->context, BASHU_ERROR_ARGUMENT, "bashu_cooperation_new needs a place for the cooperation");
    if (orders == 1 || orders > 1000000) return fail(scenario->context, BASHU_ERROR_ARGUMENT, "random orders are 2 .. 1000000, or 0 for all coalitions, not %zu", orders);
    TRY(options_check(scenario->context, options));
    return cooperation_new(out, scenario, options, variable, orders, true);
}

bashu_status bashu_cooperation_coalitions(bashu_cooperation **out, const bashu_scenario *scenario, const bashu_options *options, const char *variable)
{
    if (out) *out = NULL;
    if (!scenario) return BASHU_ERROR_ARGUMENT;
    if (!out) return fail(scenario->context, BASHU_ERROR_ARGUMENT, "bashu_cooperation_coalitions needs a place for the cooperation");
    TRY(options_check(scenario->context, options));
    return cooperation_new(out, scenario, options, variable, 0, false);
}

void bashu_cooperation_free(bashu_cooperation *cooperation) { cooperation_free(cooperation); }

const bashu_cooperation_info *bashu_cooperation_get(const bashu_cooperation *cooperation) { return cooperation ? &cooperation->info : NULL; }

size_t bashu_cooperation_player_count(const bashu_cooperation *cooperation) { return cooperation ? cooperation->players : 0; }

static bashu_status check_index(const bashu_cooperation *c, const void *out, const char *what, size_t index, size_t count)
{
    if (out && index < count) return BASHU_OK;
    return fail(c->context, BASHU_ERROR_ARGUMENT, "there are %zu %ss, and %s %zu is none of them", count, what, what, index);
}

bashu_status bashu_cooperation_player(const bashu_cooperation *cooperation, size_t player_, bashu_player *out)
{
    const bashu_cooperation *c = cooperation;
    if (!c) return BASHU_ERROR_ARGUMENT;
    TRY(check_index(c, out, "player", player_, c->players));
    const player *who = &c->scenario->players[player_];
    *out = (bashu_player){.id = who->id, .title_en = who->title_en, .title_zh = who->title_zh, .base = c->base[player_],
                          .alone = c->one_sided[player_ * c->players + player_], .joint = c->joint[player_], .shapley = c->shapley[player_],
                          .error = c->error[player_], .core = c->core[player_], .transfer = c->transfer[player_], .after = c->after[player_]};
    return BASHU_OK;
}

bashu_status bashu_cooperation_one_sided(const bashu_cooperation *cooperation, size_t acts, size_t gains, double *out)
{
    const bashu_cooperation *c = cooperation;
    if (!c) return BASHU_ERROR_ARGUMENT;
    TRY(check_index(c, out, "player", acts, c->players));
    TRY(check_index(c, out, "player", gains, c->players));
    *out = c->one_sided[acts * c->players + gains];
    return BASHU_OK;
}

bashu_status bashu_cooperation_lever(const bashu_cooperation *cooperation, size_t change_, bashu_split_part *out)
{
    const bashu_cooperation *c = cooperation;
    if (!c) return BASHU_ERROR_ARGUMENT;
    TRY(check_index(c, out, "change", change_, c->changes));
    *out = (bashu_split_part){c->lever_alone[change_], c->lever_last[change_], c->lever_value[change_], c->orders ? c->lever_error[change_] : 0};
    return BASHU_OK;
}

bashu_status bashu_cooperation_report(char **out, const bashu_cooperation *cooperation, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!cooperation) return BASHU_ERROR_ARGUMENT;
    if (!out || !format) return fail(cooperation->context, BASHU_ERROR_ARGUMENT, "bashu_cooperation_report needs a place for the text and a format");
    return cooperation_report(out, cooperation, format, language);
}
