/* parse.c - words to a request, by the table of flags and the library's table of options. */
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FLAG_HELP,
    FLAG_VERSION,
    FLAG_LANGUAGE,
    FLAG_QUIET,
    FLAG_JSON,
    FLAG_CSV,
    FLAG_OUTPUT,
    FLAG_ECONOMY,
    FLAG_MODEL,
    FLAG_SCENARIO,
    FLAG_SET,
    FLAG_THREADS,
    FLAG_STRICT,
    FLAG_REPEATS,
    FLAG_VARIABLE,
    FLAG_PAIRS,
    FLAG_DECOMPOSE,
    FLAG_LINKS,
    FLAG_TRIPS,
    FLAG_GAP,
    FLAG_REFERENCE,
    FLAG_CASES,
    FLAG_MARKDOWN,
    FLAG_VERBOSE,
    FLAG_FROM,
    FLAG_COMPARE,
    FLAG_GRADIENT,
    FLAG_EXPOSURE,
    FLAG_LINEAR,
    FLAG_LEVER,
    FLAG_COLUMN,
    FLAG_ZOOM,
    FLAG_CIRCLES,
    FLAG_CLAIMS,
    FLAG_BY,
    FLAG_ORDERS,
    FLAG_DRAWS,
    FLAG_DISTRIBUTION,
    FLAG_OUTCOME,
    FLAG_SECTOR,
    FLAG_CIRCLE,
    FLAG_BENCHMARK,
    FLAG_NEIGHBOURS,
    FLAG_WITHIN,
    FLAG_PERMUTATIONS,
    FLAG_RATE,
    FLAG_THRESHOLD,
    FLAG_PLANTS,
    FLAG_TAKE,
    FLAG_MEASURE,
    FLAG_HELD,
    FLAG_RANGE,
    FLAG_YEARS,
    FLAG_DISCOUNT,
    FLAG_BEST,
    FLAG_APART,
    FLAG_YEAR,
    FLAG_MODE,
    FLAG_PLACE,
    FLAG_TRAVEL,
    FLAG_BUDGET,
    FLAG_NOBODY,
    FLAG_SETS,
    FLAG_CONTINUOUS,
    FLAG_EXACT,
    FLAG_FASTER,
    FLAG_COUNT
};

const flag_row flag_rows[FLAG_COUNT] = {
    [FLAG_HELP] = {'h', "help", NULL, TAKES_ANY, "help", "帮助"},
    [FLAG_VERSION] = {'V', "version", NULL, TAKES_ANY, "the version", "版本"},
    [FLAG_LANGUAGE] = {0, "lang", "zh|en", TAKES_ANY, "language of what is printed (default: that of the system)",
                       "输出语言（默认随系统）"},
    [FLAG_QUIET] = {'q', "quiet", NULL, TAKES_ANY, "no messages but errors", "除错误外不显示消息"},
    [FLAG_JSON] = {0, "json", NULL, TAKES_JSON, "print one JSON object", "输出一个 JSON 对象"},
    [FLAG_CSV] = {0, "csv", NULL, TAKES_CSV, "print a CSV table", "输出 CSV 表"},
    [FLAG_OUTPUT] = {'o', "output", "DIR", TAKES_OUTPUT, "folder for files; made when missing",
                     "文件输出目录，不存在则新建"},
    [FLAG_ECONOMY] = {0, "economy", "DIR", TAKES_ECONOMY, "folder of the economy (else the one the scenario names)",
                      "经济数据目录（默认为情景文件所指定）"},
    [FLAG_MODEL] = {0, "model", "FILE", TAKES_MODEL | TAKES_SETTINGS, "model file whose elasticities and switches replace the economy's",
                    "模型文件，其弹性与开关取代数据中的设置"},
    [FLAG_SCENARIO] = {0, "scenario", "FILE", TAKES_SCENARIO, "scenario file (none: no change)",
                       "情景文件（无则不作变化）"},
    [FLAG_SET] = {0, "set", "PATH=VALUE", TAKES_MODEL,
                  "replace one setting: elasticities.NAME, model.SWITCH or travel.*, e.g. elasticities.trade_elasticity=5, model.routing=stochastic, "
                  "travel.stop_minutes.road=2 or travel.passenger.route_dispersion=40; repeatable",
                  "替换一项设置：elasticities.名称、model.开关 或 travel.*，如 elasticities.trade_elasticity=5、model.routing=stochastic、"
                  "travel.stop_minutes.road=2 或 travel.passenger.route_dispersion=40；可重复"},
    [FLAG_THREADS] = {'j', "threads", "N", TAKES_THREADS, "threads (default: all of the machine)",
                      "线程数（默认用尽全部）"},
    [FLAG_STRICT] = {0, "strict", NULL, TAKES_STRICT, "exit 5 when the equilibrium is not known to be the only one",
                     "若不能判定均衡唯一，则以 5 退出"},
    [FLAG_REPEATS] = {0, "repeats", "K", TAKES_REPEATS, "repeats to take the median of (default 5)",
                      "重复次数（默认 5）"},
    [FLAG_VARIABLE] = {0, "variable", "NAME,...", TAKES_VARIABLES | TAKES_LINEAR, "show these variables, e.g. trade,home_share",
                       "显示指定变量，如 trade,home_share"},
    [FLAG_PAIRS] = {0, "pairs", NULL, TAKES_VARIABLES, "show every variable, flows between regions too",
                    "显示全部变量，含地区间流量"},
    [FLAG_DECOMPOSE] = {0, "decompose", NULL, TAKES_VARIABLES, "take changes of welfare apart: trade, prices, rents, moving ...",
                        "分解福利变化：贸易、价格、地租、迁移等"},
    [FLAG_LINKS] = {0, "links", "FILE", TAKES_NETWORK, "file of links (default: links.csv of the folder)",
                    "路段文件（默认为目录中的 links.csv）"},
    [FLAG_TRIPS] = {0, "trips", "FILE", TAKES_NETWORK, "file of trips (default: trips.csv of the folder)",
                    "出行文件（默认为目录中的 trips.csv）"},
    [FLAG_GAP] = {0, "gap", "G", TAKES_NETWORK, "relative gap to solve to (default 1e-13)",
                  "求解到的相对间隙（默认 1e-13）"},
    [FLAG_REFERENCE] = {0, "reference", "DIR", TAKES_VERIFY,
                        "folder of the published packages (else the variable BASHU_REFERENCE)",
                        "已发表数据包所在目录（默认取环境变量 BASHU_REFERENCE）"},
    [FLAG_CASES] = {0, "cases", "DIR", TAKES_CASES, "folder of the cases (default: validation here, else as installed)",
                    "案例目录（默认为当前目录的 validation，其次为安装目录）"},
    [FLAG_MARKDOWN] = {0, "markdown", NULL, TAKES_VERIFY, "print the page docs/validation.md",
                       "输出 docs/validation.md 页面"},
    [FLAG_VERBOSE] = {'v', "verbose", NULL, TAKES_VERIFY, "every row that was compared, not the worst alone",
                      "显示每一行比较，而不只是最差的一行"},
    [FLAG_FROM] = {0, "from", "DIR", TAKES_FROM, "folder of the package itself", "数据包目录"},
    [FLAG_COMPARE] = {0, "compare", "FILE", TAKES_COMPARE, "each row now against then: FILE is what bench --json wrote; exit 8 when a goal that was met is not",
                      "逐项与此前结果比较：FILE 为 bench --json 的输出；原已达到的目标若未达到，则以 8 退出"},
    [FLAG_GRADIENT] = {0, "gradient", "OUTCOME", TAKES_LINEAR,
                       "what moves an outcome: gdp, welfare:region=ID, gdp:SET=MEMBER; -o DIR writes a table a lever",
                       "什么影响某项结果：gdp、welfare:region=编号、gdp:集合=成员；-o DIR 为每项杠杆写一张表"},
    [FLAG_EXPOSURE] = {0, "exposure", NULL, TAKES_LINEAR,
                       "friends and enemies: each region's real_wage (or --variable) by each region's productivity",
                       "友与敌：各地 real_wage（或 --variable）对各地生产率的反应"},
    [FLAG_LEVER] = {0, "lever", "NAME,...", TAKES_LINEAR, "with --gradient and --csv or -o: these levers alone, e.g. link_minute,productivity",
                    "与 --gradient 及 --csv 或 -o 同用：只要这些杠杆，如 link_minute,productivity"},
    [FLAG_COLUMN] = {0, "column", "WORD", TAKES_MAP, "base, counterfactual, hat or percent (default: percent with a scenario, else base)", "base、counterfactual、hat 或 percent（默认：有情景时为 percent，否则为 base）"},
    [FLAG_ZOOM] = {0, "zoom", "SET=MEMBER", TAKES_MAP, "what is shown enlarged beside the whole (default: the first circle); all: nothing", "放大显示的部分（默认为第一个圈）；all 表示不放大"},
    [FLAG_CIRCLES] = {0, "circles", "FILE", TAKES_CIRCLES, "circles of your own instead of the economy's (docs/circles.md)", "以自定义的圈代替数据中的圈（docs/circles.md）"},
    [FLAG_CLAIMS] = {0, "claims", "FILE", TAKES_CLAIMS, "claims to check (default: claims.yaml of the economy; docs/audit.md)", "要检验的说法（默认为数据目录的 claims.yaml；docs/audit.md）"},
    [FLAG_BY] = {0, "by", "WORD", TAKES_BY, "splits an outcome by change, channel, partner or place", "按 change（变化）、channel（途径）、partner（伙伴）或 place（地区）分解结果"},
    [FLAG_ORDERS] = {0, "orders", "N", TAKES_BY | TAKES_PLAYERS, "so many random orders instead of all (for more than 12 changes or players)",
                     "以 N 种随机次序代替全部次序（变化或参与者超过 12 个时）"},
    [FLAG_DRAWS] = {0, "draws", "N", TAKES_DRAWS, "how many draws (default 1000)", "抽样次数（默认 1000）"},
    [FLAG_DISTRIBUTION] = {0, "distribution", "WORD", TAKES_DRAWS, "triangular (default: most often at the stated value) or uniform",
                           "triangular（默认：以所述取值为众数的三角分布）或 uniform（均匀分布）"},
    [FLAG_OUTCOME] = {0, "outcome", "OUTCOME", TAKES_DRAWS | TAKES_BY | TAKES_PLAYERS | TAKES_LINKS | TAKES_PLAN, "gdp, welfare:region=ID, gdp:SET=MEMBER; sweep and links take a list with commas, cooperate welfare, gdp or real_wage",
                      "gdp、welfare:region=编号、gdp:集合=成员；sweep 与 links 可用逗号列出多项，cooperate 为 welfare、gdp 或 real_wage"},
    [FLAG_SECTOR] = {0, "sector", "ID", TAKES_CLUSTERS | TAKES_YEARS, "about this sector alone, with its places", "只看这一行业，并列出其各地区"},
    [FLAG_CIRCLE] = {0, "circle", "ID", TAKES_CLUSTERS | TAKES_YEARS, "the circle to compare (default: the first), or SET=MEMBER, e.g. province=510000",
                     "要比较的城市圈（默认第一个），或 集合=成员，如 province=510000"},
    [FLAG_BENCHMARK] = {0, "benchmark", "ID", TAKES_CLUSTERS | TAKES_YEARS, "what to compare it with (default: the next circle), SET=MEMBER, or all",
                        "对照对象（默认下一个城市圈），集合=成员，或 all（全国）"},
    [FLAG_NEIGHBOURS] = {0, "neighbours", "K", TAKES_CLUSTERS, "near are the K nearest places in travel time (default 8)",
                         "邻近指旅行时间最短的 K 个地区（默认 8）"},
    [FLAG_WITHIN] = {0, "within", "HOURS", TAKES_CLUSTERS, "instead: near are all places so many hours away, by the inverse of time",
                     "改为：旅行时间在若干小时以内的所有地区，按时间倒数加权"},
    [FLAG_PERMUTATIONS] = {0, "permutations", "N", TAKES_CLUSTERS, "permutations behind p-values (default 9999)", "p 值所用置换次数（默认 9999）"},
    [FLAG_RATE] = {0, "rate", "Q", TAKES_CLUSTERS, "false discovery rate over the places of a sector (default 0.05)", "各行业内按地区控制的错误发现率（默认 0.05）"},
    [FLAG_THRESHOLD] = {0, "threshold", "LQ", TAKES_CLUSTERS, "least location quotient of a place of a cluster (default 1)",
                        "集群内地区的最低区位熵（默认 1）"},
    [FLAG_PLANTS] = {0, "plants", "FILE", TAKES_CLUSTERS, "table sector,herfindahl of plant sizes, for Ellison & Glaeser's gamma",
                     "工厂规模表 sector,herfindahl，用于 Ellison-Glaeser 指数 γ"},
    [FLAG_TAKE] = {0, "take", "LEVER,...", TAKES_CLUSTERS,
                   "with --sector: what it would take to have the benchmark's cluster: productivity, trade_cost, land, research, or all",
                   "与 --sector 同用：达到对照对象的集群需要什么：productivity、trade_cost、land、research 或 all（全部）"},
    [FLAG_MEASURE] = {0, "measure", "WORD", TAKES_CLUSTERS, "with --take: quotient (default: location quotient) or share (of the nation's sector)",
                      "与 --take 同用：quotient（默认，区位熵）或 share（占全国该行业的份额）"},
    [FLAG_HELD] = {0, "held", NULL, TAKES_CLUSTERS, "with --take: the benchmark as it is now, not as it becomes", "与 --take 同用：以对照对象的现状而非新均衡为目标"},
    [FLAG_RANGE] = {0, "range", "LOW,HIGH", TAKES_CLUSTERS | TAKES_YEARS | TAKES_BEST, "with --take: look between these percents (with --best: these scales) instead of the lever's own, e.g. --range=-20,60",
                    "与 --take 同用：在此百分比（与 --best 同用：规模）范围内寻找，取代杠杆自身范围，如 --range=-20,60"},
    [FLAG_YEARS] = {0, "years", "N", TAKES_YEARS | TAKES_BEST, "so many years after the economy's own (default 15)", "基年之后的年数（默认 15）"},
    [FLAG_BEST] = {0, "best", "OUTCOME", TAKES_YEARS | TAKES_BEST,
                   "how far to go: all changes times the number (--range=LOW,HIGH, default 0,2) that raises the present value of the outcome most; run: each change its own, in report.html",
                   "做到什么程度：各项变化同乘一个数（--range=低,高，默认 0,2），使结果的现值最大；run：各项各有规模，写入 report.html"},
    [FLAG_APART] = {0, "apart", NULL, TAKES_YEARS, "with --best: a scale for each change (at most 6), with what is best beside today, the scenario as written, and researchers shared out equally",
                    "与 --best 同用：各项变化（至多 6 项）各有规模，并与现状、按情景、科研人员均等配置对比"},
    [FLAG_DISCOUNT] = {0, "discount", "RATE", TAKES_YEARS | TAKES_BEST, "yearly rate of present values, e.g. 0.05 (default 0.08)", "现值的年贴现率，如 0.05（默认 0.08）"},
    [FLAG_YEAR] = {0, "year", "Y", TAKES_YEAR | TAKES_TIMES, "links open in that year alone, against its printed times (default: all)", "只用该年已开通的线路，并与该年时刻表比较（默认全部）"},
    [FLAG_BUDGET] = {0, "budget", "B", TAKES_PLAN, "what the projects may cost together, in the unit of the economy's currency", "全部项目的费用上限，以数据的货币单位计"},
    [FLAG_NOBODY] = {0, "nobody-loses", NULL, TAKES_PLAN, "only plans in which no place loses more than 0.01 % of welfare", "只考虑没有任何地区福利损失超过 0.01 % 的方案"},
    [FLAG_SETS] = {0, "sets", "N", TAKES_PLAN, "solve at most so many sets of projects (default 400)", "最多求解的项目组合数（默认 400）"},
    [FLAG_CONTINUOUS] = {0, "continuous", NULL, TAKES_PLAN, "the best size of every link instead: PROJECTS are links that money makes faster (docs/network.md; --starts so many starts), or a network as in docs/models/fajgelbaum_schaal_2020.md",
                         "改为求每条线路的最优规模：PROJECTS 为可用资金提速的线路（docs/network.md；--starts 为起点数），或 docs/models/fajgelbaum_schaal_2020.md 格式的网络"},
    [FLAG_PLACE] = {0, "place", "REGION", TAKES_YEAR, "a map (SVG) of travel times from this region; with --scenario or --year: how much less than now", "自该地区出发的旅行时间地图（SVG）；与 --scenario 或 --year 同用：比现在缩短多少"},
    [FLAG_TRAVEL] = {0, "travel", "CLASS", TAKES_TIMES, "class of travel of the economy, e.g. passenger (default: that with most links)", "经济数据中的出行类别，如 passenger（默认：可用线路最多的类别）"},
    [FLAG_MODE] = {0, "mode", "NAME", TAKES_LINKS, "links of this mode alone, e.g. rail_high_speed", "只看该方式的线路，如 rail_high_speed"},
    [FLAG_EXACT] = {0, "exact", "N", TAKES_LINKS, "solve so many of the first exactly as well (default 10)", "排在前面的若干条另行精确求解（默认 10）"},
    [FLAG_FASTER] = {0, "faster", "PERCENT", TAKES_LINKS, "how much faster a link gets (default 10)", "线路用时减少的百分比（默认 10）"},
    [FLAG_LINEAR] = {0, "linear", NULL, TAKES_LINEAR, "first order of a scenario beside the exact answer", "情景的一阶影响与精确答案对照"},
};
const size_t flag_count = FLAG_COUNT;

/* ---- did you mean --------------------------------------------------------------------------------- */

/* Letters to insert, drop or replace to make a of b. */
static size_t distance(const char *a, const char *b)
{
    size_t row[64], width = strlen(b);
    if (width >= 64) return 64;
    for (size_t k = 0; k <= width; k++) row[k] = k;
    for (size_t i = 0; a[i]; i++) {
        size_t corner = row[0];
        row[0] = i + 1;
        for (size_t k = 0; k < width; k++) {
            size_t change = corner + (a[i] != b[k]), drop = row[k + 1] + 1, insert = row[k] + 1;
            corner = row[k + 1];
            row[k + 1] = change < drop ? change : drop;
            if (insert < row[k + 1]) row[k + 1] = insert;
        }
    }
    return row[width];
}

const char *nearest(const char *name, const char *const *names, size_t count)
{
    const char *best = NULL;
    size_t least = strlen(name) / 3 + 2; /* further off is another word */
    for (size_t k = 0; k < count; k++) {
        size_t far = distance(name, names[k]);
        if (far >= least) continue;
        least = far;
        best = names[k];
    }
    return best;
}

/* ---- language -------------------------------------------------------------------------------------- */

static bashu_language system_language(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t k = 0; k < 3; k++) {
        const char *value = getenv(names[k]);
        if (value && *value) return !strncmp(value, "zh", 2) ? BASHU_ZH : BASHU_EN;
    }
    return BASHU_EN;
}

/* ---- flags ----------------------------------------------------------------------------------------- */

static int wrong(const request *r, const char *english, const char *chinese, const char *word)
{
    complain("%s: %s", say(r, english, chinese), word);
    return EXIT_USAGE;
}

static int whole_number(const request *r, int *out, const char *value, int low, int high, const char *flag)
{
    char *end;
    errno = 0;
    long number = strtol(value, &end, 10);
    if (errno || end == value || *end || number < low || number > high) {
        complain("--%s %s %d .. %d: '%s'", flag, say(r, "needs a whole number", "需要整数"), low, high, value);
        return EXIT_USAGE;
    }
    *out = (int)number;
    return EXIT_OK;
}

static int small_number(const request *r, double *out, const char *value, const char *flag)
{
    char *end;
    errno = 0;
    double number = strtod(value, &end);
    if (errno || end == value || *end || !(number > 0 && number < 1)) {
        complain("--%s %s: '%s'", flag, say(r, "needs a number between 0 and 1", "需要 0 与 1 之间的数"), value);
        return EXIT_USAGE;
    }
    *out = number;
    return EXIT_OK;
}

static int positive_number(const request *r, double *out, const char *value, const char *flag)
{
    char *end;
    errno = 0;
    double number = strtod(value, &end);
    if (errno || end == value || *end || !(number > 0 && number < 1e9)) {
        complain("--%s %s: '%s'", flag, say(r, "needs a number above 0", "需要大于 0 的数"), value);
        return EXIT_USAGE;
    }
    *out = number;
    return EXIT_OK;
}

static int take_setting(request *r, const char *value)
{
    const char *equals = strchr(value, '=');
    if (!equals || equals == value) return wrong(r, "--set needs PATH=VALUE, not", "--set 需要 路径=值，而不是", value);
    if (r->setting_count == SETTING_MAX) return wrong(r, "too many --set", "--set 过多", value);
    r->settings[r->setting_count++] = (pair){value, equals + 1};
    return EXIT_OK;
}

static int take_language(request *r, const char *value)
{
    if (!strcmp(value, "zh")) r->language = BASHU_ZH;
    else if (!strcmp(value, "en")) r->language = BASHU_EN;
    else return wrong(r, "--lang is zh or en, not", "--lang 只能是 zh 或 en，而不是", value);
    return EXIT_OK;
}

static int take_flag(request *r, size_t flag, const char *value)
{
    switch (flag) {
    case FLAG_HELP: r->help = true; break;
    case FLAG_VERSION: r->version = true; break;
    case FLAG_LANGUAGE: return take_language(r, value);
    case FLAG_QUIET: r->quiet = true; break;
    case FLAG_JSON: r->json = true; break;
    case FLAG_CSV: r->csv = true; break;
    case FLAG_OUTPUT: r->output = value; break;
    case FLAG_ECONOMY: r->economy = value; break;
    case FLAG_MODEL: r->model = value; break;
    case FLAG_SCENARIO: r->scenario = value; break;
    case FLAG_SET: return take_setting(r, value);
    case FLAG_THREADS: return whole_number(r, &r->threads, value, 1, 4096, "threads");
    case FLAG_STRICT: r->strict = true; break;
    case FLAG_VARIABLE: r->variables = value; break;
    case FLAG_PAIRS: r->pairs = true; break;
    case FLAG_DECOMPOSE: r->decompose = true; break;
    case FLAG_LINKS: r->links = value; break;
    case FLAG_TRIPS: r->trips = value; break;
    case FLAG_GAP: return small_number(r, &r->gap, value, "gap");
    case FLAG_REFERENCE: r->reference = value; break;
    case FLAG_CASES: r->cases = value; break;
    case FLAG_MARKDOWN: r->markdown = true; break;
    case FLAG_VERBOSE: r->verbose = true; break;
    case FLAG_FROM: r->from = value; break;
    case FLAG_COMPARE: r->compare = value; break;
    case FLAG_GRADIENT: r->gradient = value; break;
    case FLAG_EXPOSURE: r->exposure = true; break;
    case FLAG_LINEAR: r->linear = true; break;
    case FLAG_LEVER: r->levers = value; break;
    case FLAG_COLUMN: r->column = value; break;
    case FLAG_ZOOM: r->zoom = value; break;
    case FLAG_CIRCLES: r->circles = value; break;
    case FLAG_CLAIMS: r->claims = value; break;
    case FLAG_BY: r->by = value; break;
    case FLAG_ORDERS: return whole_number(r, &r->orders, value, 2, 1000000, "orders");
    case FLAG_DRAWS: return whole_number(r, &r->draws, value, 1, 10000000, "draws");
    case FLAG_DISTRIBUTION: r->distribution = value; break;
    case FLAG_OUTCOME: r->outcomes = value; break;
    case FLAG_SECTOR: r->sector = value; break;
    case FLAG_CIRCLE: r->circle = value; break;
    case FLAG_BENCHMARK: r->benchmark = value; break;
    case FLAG_NEIGHBOURS: return whole_number(r, &r->neighbours, value, 1, 100000, "neighbours");
    case FLAG_WITHIN: return positive_number(r, &r->within, value, "within");
    case FLAG_PERMUTATIONS: return whole_number(r, &r->permutations, value, 1, 10000000, "permutations");
    case FLAG_RATE: return small_number(r, &r->false_discovery, value, "rate");
    case FLAG_THRESHOLD: return positive_number(r, &r->threshold, value, "threshold");
    case FLAG_PLANTS: r->plants = value; break;
    case FLAG_TAKE: r->take = value; break;
    case FLAG_MEASURE: r->measure = value; break;
    case FLAG_HELD: r->held = true; break;
    case FLAG_RANGE: r->range = value; break;
    case FLAG_YEARS: return whole_number(r, &r->years, value, 1, 1000, "years");
    case FLAG_BEST: r->best = value; break;
    case FLAG_APART: r->apart = true; break;
    case FLAG_DISCOUNT: return small_number(r, &r->discount, value, "discount");
    case FLAG_BUDGET: return positive_number(r, &r->budget, value, "budget");
    case FLAG_NOBODY: r->nobody_loses = true; break;
    case FLAG_SETS: return whole_number(r, &r->sets, value, 1, 1000000, "sets");
    case FLAG_CONTINUOUS: r->continuous = true; break;
    case FLAG_PLACE: r->place = value; break;
    case FLAG_MODE: r->mode = value; break;
    case FLAG_TRAVEL: r->travel = value; break;
    case FLAG_EXACT: return whole_number(r, &r->exact, value, 0, 100000, "exact");
    case FLAG_FASTER: return positive_number(r, &r->faster, value, "faster");
    case FLAG_YEAR: return whole_number(r, &r->year, value, 1, 9999, "year");
    case FLAG_REPEATS: return whole_number(r, &r->repeats, value, 1, 1000, "repeats");
    }
    return EXIT_OK;
}

static bool takes(const request *r, flag_set flags)
{
    return flags == TAKES_ANY || !r->command || (r->command->flags & flags);
}

static int unknown_flag(const request *r, const char *name)
{
    const char *names[FLAG_COUNT + 32];
    size_t count = 0;
    for (size_t k = 0; k < FLAG_COUNT; k++)
        if (takes(r, flag_rows[k].taken_by)) names[count++] = flag_rows[k].name;
    for (size_t k = 0; k < bashu_option_count() && k < 32; k++)
        if (takes(r, TAKES_OPTIONS)) names[count++] = bashu_option_at(k)->name;
    const char *near = nearest(name, names, count), *verb = r->command ? r->command->name : "bashu";
    if (near)
        complain("%s: %s --%s; %s --%s?", verb, say(r, "no flag", "没有选项"), name, say(r, "did you mean", "是否想用"),
                 near);
    else complain("%s: %s --%s", verb, say(r, "no flag", "没有选项"), name);
    return EXIT_USAGE;
}

/* Options are named with an underscore in files and with a hyphen here; both are understood. */
static bool is_option(const char *name, size_t length)
{
    for (size_t k = 0; k < bashu_option_count(); k++) {
        const char *option = bashu_option_at(k)->name;
        if (strlen(option) != length) continue;
        size_t i = 0;
        while (i < length && (option[i] == name[i] || (option[i] == '_' && name[i] == '-'))) i++;
        if (i == length) return true;
    }
    return false;
}

typedef struct words { /* what is left to read */
    int count, at;
    char *const *words;
} words;

/* The value of a flag: after '=', or the next word. */
static int flag_value(const request *r, words *w, const char *equals, const char *flag, const char **value)
{
    if (equals) *value = equals + 1;
    else if (w->at + 1 < w->count) *value = w->words[++w->at];
    else return wrong(r, "this flag needs a value", "该选项需要一个值", flag);
    return EXIT_OK;
}

static int take_long(request *r, words *w)
{
    const char *word = w->words[w->at], *name = word + 2, *equals = strchr(name, '='), *value = NULL;
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    if (is_option(name, length) && takes(r, TAKES_OPTIONS)) {
        int code = flag_value(r, w, equals, word, &value);
        if (code != EXIT_OK) return code;
        if (takes(r, TAKES_VERIFY) && !strncmp(name, "method", 6) && !strcmp(value, "all")) {
            r->all_methods = true;
            return EXIT_OK;
        }
        if (r->option_count == SETTING_MAX) return wrong(r, "too many options", "选项过多", word);
        r->options[r->option_count++] = (pair){name, value};
        return EXIT_OK;
    }
    for (size_t k = 0; k < FLAG_COUNT; k++) {
        const flag_row *row = &flag_rows[k];
        if (strlen(row->name) != length || strncmp(row->name, name, length) != 0 || !takes(r, row->taken_by)) continue;
        if (!row->value && equals) return wrong(r, "this flag takes no value", "该选项不带值", word);
        int code = row->value ? flag_value(r, w, equals, word, &value) : EXIT_OK;
        return code == EXIT_OK ? take_flag(r, k, value) : code;
    }
    char shown[64];
    snprintf(shown, sizeof shown, "%.*s", (int)(length < 60 ? length : 60), name);
    return unknown_flag(r, shown);
}

static int take_short(request *r, words *w)
{
    const char *word = w->words[w->at], *value = NULL;
    for (size_t k = 0; k < FLAG_COUNT; k++) {
        const flag_row *row = &flag_rows[k];
        if (!row->letter || row->letter != word[1] || !takes(r, row->taken_by)) continue;
        if (!row->value && word[2]) break;
        if (row->value && word[2]) value = word + 2;
        int code = row->value && !value ? flag_value(r, w, NULL, word, &value) : EXIT_OK;
        return code == EXIT_OK ? take_flag(r, k, value) : code;
    }
    return wrong(r, "no such flag", "没有这个选项", word);
}

/* ---- the whole ------------------------------------------------------------------------------------- */

static int take_command(request *r, const char *name)
{
    r->command = find_command(name);
    if (r->command) return EXIT_OK;
    const char *names[32];
    size_t count = 0;
    for (; count < command_count && count < 32; count++) names[count] = commands[count].name;
    const char *near = nearest(name, names, count);
    if (near)
        complain("%s '%s'; %s '%s'?", say(r, "no command", "没有命令"), name, say(r, "did you mean", "是否想用"), near);
    else complain("%s '%s'; %s: bashu help", say(r, "no command", "没有命令"), name, say(r, "see", "请看"));
    return EXIT_USAGE;
}

static int check_arguments(const request *r)
{
    const command *c = r->command;
    if (r->help || r->version) return EXIT_OK;
    if (!c) {
        int code = show_help(r, NULL);
        return code == EXIT_OK ? EXIT_USAGE : code;
    }
    if (r->json && r->csv) return wrong(r, "write --json or --csv, not both", "--json 与 --csv 只能选一个", c->name);
    if (r->argument_count >= c->least && r->argument_count <= c->most) return EXIT_OK;
    complain("%s: bashu %s %s", say(r, "usage", "用法"), c->name, c->arguments);
    return EXIT_USAGE;
}

/* Whether the word is a flag whose value is the next word. */
static bool takes_next(const char *word)
{
    if (strchr(word, '=')) return false;
    if (!strncmp(word, "--", 2) && is_option(word + 2, strlen(word + 2))) return true;
    for (size_t k = 0; k < FLAG_COUNT; k++) {
        const flag_row *row = &flag_rows[k];
        if (!row->value) continue;
        if (!strncmp(word, "--", 2) ? !strcmp(word + 2, row->name) : word[1] == row->letter && row->letter && !word[2])
            return true;
    }
    return false;
}

/* The command first, so that flags before it are judged by what it takes. */
static int find_verb(request *r, int count, char *const *list, int *verb)
{
    *verb = 0;
    for (int k = 1; k < count; k++) {
        if (list[k][0] == '-') k += takes_next(list[k]);
        else {
            *verb = k;
            return take_command(r, list[k]);
        }
    }
    return EXIT_OK;
}

int parse_request(request *r, int count, char *const *list)
{
    *r = (request){.language = system_language(), .repeats = 5, .gap = 1e-13, .threshold = -1, .discount = -1, .exact = -1};
    for (int k = 1; k < count; k++) { /* the language first: complaints use it */
        const char *value = !strcmp(list[k], "--lang") && k + 1 < count
                                ? list[k + 1]
                                : list[k] + (strncmp(list[k], "--lang=", 7) ? 0 : 7);
        if (value != list[k]) r->language = !strcmp(value, "zh") ? BASHU_ZH : BASHU_EN;
    }
    int verb, code = find_verb(r, count, list, &verb);
    words w = {count, 1, list};
    bool flags = true;
    for (; code == EXIT_OK && w.at < count; w.at++) {
        const char *word = list[w.at];
        if (w.at == verb) continue;
        if (flags && !strcmp(word, "--")) flags = false;
        else if (flags && !strncmp(word, "--", 2)) code = take_long(r, &w);
        else if (flags && word[0] == '-' && word[1]) code = take_short(r, &w);
        else if (r->argument_count < ARGUMENT_MAX) r->arguments[r->argument_count++] = word;
        else code = wrong(r, "too many arguments", "参数过多", word);
    }
    return code == EXIT_OK ? check_arguments(r) : code;
}
