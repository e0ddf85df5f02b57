/* tables.c - the tables of elasticities, switches and levers: each is stated once, here. */
#include "accounts/accounts.h"

#include <math.h>
#include <string.h>

const elasticity_row elasticity_rows[ELASTICITY_COUNT] = {
    [TRADE_ELASTICITY] = {"trade_elasticity", "theta", SCOPE_SECTOR, 0.01, 100, NAN,
        "elasticity of trade flows to trade cost", "贸易流量对贸易成本的弹性"},
    [TRADE_TIME_ELASTICITY] = {"trade_time_elasticity", "zeta", SCOPE_SECTOR, 0, 20, 0,
        "elasticity of trade flows to travel time", "贸易流量对旅行时间的弹性"},
    [TRADE_BORDER_EFFECT] = {"trade_border_effect", "", SCOPE_SECTOR, 1e-12, 1, 1,
        "factor on trade between areas before observed margins are imposed", "施加观测边际之前区际贸易的系数"},
    [TRADE_REGION_EFFECT] = {"trade_region_effect", "", SCOPE_SECTOR, 1e-12, 1, 1,
        "factor on trade between different regions: how local a sector is", "不同地区之间贸易的系数：行业的本地化程度"},
    [LAND_SHARE] = {"land_share", "eta", SCOPE_SECTOR, 0, 0.95, 0,
        "share of land and structures in value added", "土地与建筑在增加值中的份额"},
    [HOUSING_SHARE] = {"housing_share", "1-alpha", SCOPE_REGION, 0, 0.95, 0,
        "share of housing in expenditure", "住房在支出中的份额"},
    [HOUSING_SUPPLY_ELASTICITY] = {"housing_supply_elasticity", "chi", SCOPE_REGION, 0, 100, 0,
        "elasticity of land and structures to rent", "土地与建筑供给对租金的弹性"},
    [AMENITY_CONGESTION] = {"amenity_congestion", "lambda", SCOPE_ECONOMY, -10, 10, 0,
        "fall of amenity with density, as an elasticity; below zero people attract", "宜居度随密度下降的弹性；负值表示人口聚集提升宜居度"},
    [AMENITY_DECAY] = {"amenity_decay", "rho", SCOPE_ECONOMY, 0, INFINITY, INFINITY,
        "decay of that effect per hour of travel; inf: own place only", "该效应随旅行时间（小时）的衰减；inf 表示仅限本地"},
    [AGGLOMERATION_ELASTICITY] = {"agglomeration_elasticity", "mu", SCOPE_SECTOR, 0, 10, 0,
        "elasticity of productivity to the density of the own sector", "生产率对本行业密度的弹性"},
    [AGGLOMERATION_DECAY] = {"agglomeration_decay", "delta", SCOPE_SECTOR, 0, INFINITY, INFINITY,
        "decay of agglomeration per hour of travel; inf: own place only", "集聚效应随旅行时间（小时）的衰减；inf 表示仅限本地"},
    [MIGRATION_ELASTICITY] = {"migration_elasticity", "epsilon", SCOPE_GROUP, 0, 100, 0,
        "Frechet shape of tastes for places", "对地点偏好的 Fréchet 形状参数"},
    [MIGRATION_TIME_ELASTICITY] = {"migration_time_elasticity", "", SCOPE_ECONOMY, 0, 20, 0,
        "elasticity of migration flows to travel time", "迁移流量对旅行时间的弹性"},
    [COMMUTING_ELASTICITY] = {"commuting_elasticity", "epsilon_c", SCOPE_GROUP, 0.01, 100, NAN,
        "Frechet shape of tastes for places of work: elasticity of commuting flows to wages", "对工作地偏好的 Fréchet 形状参数：通勤流量对工资的弹性"},
    [COMMUTING_TIME_ELASTICITY] = {"commuting_time_elasticity", "", SCOPE_ECONOMY, 0, 20, 0,
        "elasticity of commuting flows to travel time", "通勤流量对旅行时间的弹性"},
    [COMMUTING_DECAY] = {"commuting_decay", "", SCOPE_ECONOMY, 0, 1000, 0,
        "fall of log commuting flows per hour of travel", "通勤流量的对数随旅行时间（每小时）的下降"},
    [NATIONAL_RENT_SHARE] = {"national_rent_share", "iota", SCOPE_REGION, 0, 1, 0,
        "share of local rents paid into a national portfolio", "上缴全国组合的本地租金份额"},
    [TECHNIQUE_PERSISTENCE] = {"technique_persistence", "rho", SCOPE_ECONOMY, 0, 2, 0.98,
        "part of a lead in technique that is left a year later; the rest diffuses", "技术领先一年后仍保留的部分；其余扩散"},
    [INNOVATION_ELASTICITY] = {"innovation_elasticity", "", SCOPE_ECONOMY, 0, 10, 0,
        "innovation by market size: yearly rise of log productivity with log density", "市场规模驱动的创新：对数生产率年增量对对数密度的弹性"},
    [INNOVATION_DENSITY] = {"innovation_density", "", SCOPE_ECONOMY, 1e-9, 1e9, 1,
        "people per km2 at which a place's own innovation adds nothing", "本地创新为零时的人口密度（人/平方公里）"},
    [SCIENCE_DEPRECIATION] = {"science_depreciation", "delta_S", SCOPE_ECONOMY, 0, 2, 0.15,
        "part of science that is outdated a year later", "科学存量每年的过时比例"},
    [SCIENCE_ELASTICITY] = {"science_elasticity", "l_S", SCOPE_ECONOMY, 0, 5, 0.75,
        "elasticity of new science to researchers in science", "新科学对科学研究人员的弹性"},
    [SCIENCE_SPILLOVER] = {"science_spillover", "x_S", SCOPE_ECONOMY, 0, 5, 0.3,
        "elasticity of new science to the science within reach", "新科学对可及科学存量的弹性"},
    [RESEARCH_GROWTH] = {"research_growth", "i", SCOPE_SECTOR, 0, 1, 0,
        "yearly growth of productivity by industrial research, at the nation's mean", "产业研究带来的生产率年增长（全国平均）"},
    [INDUSTRY_RESEARCH_ELASTICITY] = {"industry_research_elasticity", "l_E", SCOPE_ECONOMY, 0, 5, 0.5,
        "elasticity of that growth to researchers in industry", "该增长对产业研究人员的弹性"},
    [INDUSTRY_SCIENCE_ELASTICITY] = {"industry_science_elasticity", "x_E", SCOPE_ECONOMY, 0, 5, 0.3,
        "elasticity of that growth to the science within reach", "该增长对可及科学存量的弹性"},
    [RESEARCH_DECAY] = {"research_decay", "delta_phi", SCOPE_ECONOMY, 0, INFINITY, INFINITY,
        "decay of spillovers of science per hour of travel; inf: own place only", "科学外溢随旅行时间（每小时）的衰减；inf 表示仅限本地"},
    [RESEARCH_BORDER_EFFECT] = {"research_border_effect", "", SCOPE_ECONOMY, 0, 1, 1,
        "factor on spillovers of science between areas", "跨区科学外溢的系数"},
    [DISCOUNT_FACTOR] = {"discount_factor", "beta", SCOPE_ECONOMY, 0, 0.9999, 0,
        "what the next period counts to people who look ahead, per period; 0: not stated", "前瞻者对下一期的贴现因子（每期）；0 表示未设定"},
    [MIGRATION_NOISE] = {"migration_noise", "nu", SCOPE_ECONOMY, 0, 100, 0,
        "spread of what moves people besides income, per period, in logs of consumption; 0: not stated", "收入以外的迁移动因的离散程度（每期，消费对数）；0 表示未设定"},
    [GROSS_MIGRATION] = {"gross_migration", "", SCOPE_GROUP, 0, 0.95, 0,
        "share of people who move to another region in a period, where gross flows are not observed; 0: nobody", "每期迁往其他地区的人口比例（未观测到总流量时）；0 表示无人迁移"},
    [TRADE_DECAY] = {"trade_decay", "q", SCOPE_SECTOR, 0, 1000, 0,
        "fall of log trade flows per hour of travel", "贸易流量的对数随旅行时间（每小时）的下降"},
    [PERIODS_PER_YEAR] = {"periods_per_year", "", SCOPE_ECONOMY, 1, 12, 1,
        "periods of people who look ahead in a year: 1 years, 4 quarters", "前瞻者每年的期数：1 为年，4 为季度"},
};

static const char *const mobility_words[] = {"none", "frechet", "costless", "free", NULL};
static const char *const commuting_words[] = {"none", "frechet", NULL};
static const char *const rents_words[] = {"residents", "national", "landlords", NULL};
static const char *const deficits_words[] = {"fixed", "zero", "multiplicative", NULL};
static const char *const baseline_words[] = {"observed", "settled", NULL};
static const char *const numeraire_words[] = {"value_added", "wage", NULL};
static const char *const spillover_words[] = {"mass", "density", NULL};
static const char *const innovation_words[] = {"none", "market", "research", NULL};
static const char *const routing_words[] = {"least_time", "stochastic", NULL};
static const char *const time_words[] = {"static", "growth", "foresight", NULL};

const switch_row switch_rows[SWITCH_COUNT] = {
    {"mobility", mobility_words,
     "who moves between places: nobody, people with tastes and migration costs (frechet), with tastes only (costless), or until places are equally good (free)",
     "人口流动：无、有偏好且有迁移成本（frechet）、只有偏好（costless），或直至各地效用相等（free）"},
    {"commuting", commuting_words, "whether people work elsewhere than they live", "居住地与工作地是否可以不同"},
    {"rents", rents_words,
     "who receives land rents: residents, a national portfolio, or landlords who spend them on goods where they arise",
     "地租归谁：居民、全国组合，或在当地只购买商品的业主"},
    {"deficits", deficits_words, "trade deficits: fixed shares of world GDP, none, or spending a fixed multiple of the region's own GDP",
     "贸易差额：占世界 GDP 的固定份额（fixed）、无（zero）或支出与本地 GDP 之比不变（multiplicative）"},
    {"baseline", baseline_words, "the accounts as observed, or the equilibrium that the model has with them (settled)",
     "基期：观测账户（observed），或模型据此求得的均衡（settled）"},
    {"spillover", spillover_words, "agglomeration by people within reach (mass) or by people per land (density)",
     "集聚按可达人口（mass）或人口密度（density）"},
    {"numeraire", numeraire_words,
     "what keeps its value: the world's value added, or the mean over places (and groups) of the wage; matters where land supply reacts to rent",
     "计价标准：世界增加值不变，或各地（各群体）工资的平均值不变；在土地供给随租金变化时有影响"},
    {"time", time_words,
     "what links the years of a path: nothing, each year is an equilibrium of its own (static); knowledge, people look at this year alone (growth); people look ahead (foresight)",
     "路径各年之间的联系：无，逐年各自均衡（static）；知识积累，人们只看当年（growth）；人们预见未来（foresight）"},
    {"innovation", innovation_words,
     "what raises productivity from year to year, with time: growth: nothing, the size of the market (Desmet, Nagy & Rossi-Hansberg 2018), or research",
     "time: growth 时推动生产率逐年提高的因素：无、市场规模（Desmet-Nagy-Rossi-Hansberg 2018）或科研"},
    {"routing", routing_words,
     "times between regions over the network: by the quickest route (least_time), or over all routes, quick ones more often (stochastic; Allen & Arkolakis 2022)",
     "地区间的路网旅行时间：最短路径（least_time），或经由所有路径、越快越常用（stochastic；Allen-Arkolakis 2022）"},
};

const char *const research_use_words[RESEARCH_USE_COUNT + 1] = {"science", "industry", NULL};

int *switch_value(model_switches *switches, size_t row)
{
    switch (row) { /* enums are ints here; one place knows the order */
    case 0: return (int *)&switches->mobility;
    case 1: return (int *)&switches->commuting;
    case 2: return (int *)&switches->rents;
    case 3: return (int *)&switches->deficits;
    case 4: return (int *)&switches->baseline;
    case 5: return (int *)&switches->spillover;
    case 6: return (int *)&switches->numeraire;
    case 7: return (int *)&switches->time;
    case 8: return (int *)&switches->innovation;
    default: return (int *)&switches->routing;
    }
}

const bashu_lever_row lever_rows[LEVER_COUNT] = {
    [LEVER_LINK_TIME] = {"link_time", "minutes or percent", "links", "time of links of the network", "交通线路时间"},
    [LEVER_TRADE_COST] = {"trade_cost", "percent", "pairs of regions, sectors", "cost of trade between regions", "地区间贸易成本"},
    [LEVER_TARIFF] = {"tariff", "fraction", "pairs of regions, sectors", "ad-valorem tariff", "从价关税"},
    [LEVER_MIGRATION_COST] = {"migration_cost", "percent", "pairs of regions, groups",
        "cost of living away from the place of registration", "户籍地以外居住的成本"},
    [LEVER_COMMUTING_COST] = {"commuting_cost", "percent", "pairs of regions, groups",
        "cost of working elsewhere than one lives", "居住地以外工作的成本"},
    [LEVER_AMENITY] = {"amenity", "percent", "regions, groups", "amenity of places", "地区宜居度"},
    [LEVER_PRODUCTIVITY] = {"productivity", "percent", "regions, sectors", "productivity of sectors in places", "地区行业生产率"},
    [LEVER_LAND] = {"land", "percent", "regions", "supply of land and structures", "土地与建筑供给"},
    [LEVER_ZONE_LAND] = {"zone_land", "percent", "zones", "land opened in zones, as percent of the zone's land", "新区开放土地"},
    [LEVER_TRANSFER] = {"transfer", "currency unit", "regions, funders",
        "transfer received by regions, paid by funders in proportion to GDP", "转移支付"},
    [LEVER_RESEARCH_STAFF] = {"research_staff", "persons or percent", "regions, funders",
        "researchers that come to regions, or change what they do there; acts over years", "科研人员的流入或转岗；逐年起作用"},
    [LEVER_RESEARCH_BORDER] = {"research_border", "percent", "pairs of regions",
        "spillovers of science between areas, e.g. by a joint laboratory; acts over years", "跨区科学外溢（如共建实验室）；逐年起作用"},
    [LEVER_LINK_NEW] = {"link_new", "minutes", "from_node, to_node, mode", "a link that the network does not have yet", "新建交通线路"},
    [LEVER_LINK_CLOSE] = {"link_close", "", "links", "links closed", "关闭交通线路"},
    [LEVER_SUBSIDY] = {"subsidy", "fraction", "regions, sectors, funders",
        "what producers get on top of what buyers pay, paid by funders in proportion to GDP; below 0 a tax that they receive", "生产补贴（占售价比例），由出资方按GDP分担；负数为税"},
};

size_t bashu_lever_count(void)
{
    return LEVER_COUNT;
}

const bashu_lever_row *bashu_lever_at(size_t index)
{
    return index < LEVER_COUNT ? &lever_rows[index] : NULL;
}

long find_set(const description *about, const char *name)
{
    for (size_t g = 0; g < about->set_count; g++)
        if (!strcmp(about->sets[g].name, name)) return (long)g;
    return -1;
}

long find_member(const region_set *set, const char *id)
{
    for (size_t m = 0; m < set->member_count; m++)
        if (!strcmp(set->members[m].id, id)) return (long)m;
    return -1;
}
