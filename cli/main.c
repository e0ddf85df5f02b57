/* main.c - the table of commands. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INPUTS (TAKES_JSON | TAKES_MODEL | TAKES_THREADS | TAKES_OPTIONS)

const command commands[] = {
    {"run",
     "SCENARIO",
     1,
     1,
     INPUTS | TAKES_OUTPUT | TAKES_ECONOMY | TAKES_STRICT,
     "what a scenario does to every place, whole and change by change, with a certificate",
     "计算情景对每个地区的影响（整体与逐项），并附核验证书",
     {"bashu run scenarios/cooperation.yaml", "bashu run scenarios/cooperation.yaml --lang zh -o out"},
     run_run},
    {"check",
     "ECONOMY",
     0,
     1,
     INPUTS | TAKES_ECONOMY,
     "the data in words and numbers: coverage, imputed shares, totals, what balancing changed",
     "以文字和数字检查数据：覆盖、推算比例、总量核对、平衡调整",
     {"bashu check economies/china2020", "bashu check economies/lantern --json"},
     run_check},
    {"circles",
     "[ECONOMY]",
     0,
     1,
     INPUTS | TAKES_CSV | TAKES_OUTPUT | TAKES_ECONOMY | TAKES_CIRCLES,
     "circles of places side by side: size, cities, the way inside, trade, the two cores, research",
     "各经济圈对比：规模、城市体系、圈内时间、贸易、双核、科研",
     {"bashu circles economies/china2020", "bashu circles economies/china2020 --circles my_circles.yaml --csv"},
     run_circles},
    {"audit",
     "[ECONOMY]",
     0,
     1,
     INPUTS | TAKES_CSV | TAKES_OUTPUT | TAKES_ECONOMY | TAKES_CLAIMS,
     "published claims against the data: confirmed, another year, inconsistent, not testable; with the arithmetic",
     "以数据检验公开说法：属实、另一年份、不一致、无法检验，并列出算式",
     {"bashu audit economies/china2020", "bashu audit economies/china2020 --claims my_claims.yaml --json"},
     run_audit},
    {"calibrate",
     "ECONOMY",
     0,
     1,
     (INPUTS & ~TAKES_JSON) | TAKES_OUTPUT | TAKES_ECONOMY,
     "writes the balanced economy and its inverted fundamentals as CSV tables",
     "将平衡后的经济账户及反演出的基本面写成 CSV 表",
     {"bashu calibrate economies/lantern -o out",
      "bashu calibrate economies/china2020 -o out --set elasticities.trade_elasticity=5"},
     run_calibrate},
    {"solve",
     "",
     0,
     0,
     INPUTS | TAKES_CSV | TAKES_ECONOMY | TAKES_SCENARIO | TAKES_STRICT | TAKES_VARIABLES,
     "one equilibrium: any economy, model and scenario in the documented formats",
     "求解一个均衡：任意经济数据、模型与情景（格式见文档）",
     {"bashu solve --economy economies/lantern --scenario my.yaml --json",
      "bashu solve --economy economies/lantern --model models/eaton_kortum_2002.yaml --csv"},
     run_solve},
    {"compare",
     "SCENARIO_A SCENARIO_B",
     2,
     2,
     INPUTS | TAKES_CSV | TAKES_ECONOMY | TAKES_STRICT,
     "two scenarios of one economy side by side",
     "同一经济的两个情景对比",
     {"bashu compare scenarios/nothing.yaml scenarios/cooperation.yaml",
      "bashu compare a.yaml b.yaml --economy economies/china2020 --csv"},
     run_compare},
    {"path",
     "SCENARIO",
     1,
     1,
     INPUTS | TAKES_CSV | TAKES_OUTPUT | TAKES_ECONOMY | TAKES_YEARS,
     "a scenario year by year, as its changes begin, phase in and end: with and without it, a certificate for every year",
     "情景的逐年路径（各项变化的开始、逐步到位与结束）：有无情景对比，每年附核验证书",
     {"bashu path scenarios/proposal_years.yaml", "bashu path scenarios/proposal_years.yaml --years 30 --set model.time=static --csv"},
     run_path},
    {"sweep",
     "SCENARIO",
     1,
     1,
     INPUTS | TAKES_CSV | TAKES_OUTPUT | TAKES_ECONOMY | TAKES_DRAWS,
     "draws of a scenario from the ranges its changes state: how sure its effects are, and what drives them",
     "按各项变化所述范围抽样求解情景：其影响有多确定、由什么决定",
     {"bashu sweep scenarios/cooperation.yaml --draws 200", "bashu sweep examples/lantern_railway.yaml --outcome gdp,welfare:region=harbour --csv"},
     run_sweep},
    {"cooperate",
     "SCENARIO",
     1,
     1,
     INPUTS | TAKES_CSV | TAKES_OUTPUT | TAKES_ECONOMY | TAKES_PLAYERS,
     "the players of a scenario, alone and together: who gains, Shapley values, the core, transfers after which nobody loses",
     "情景的参与者单独与共同行动：谁得益、夏普利值、核，以及使无人受损的转移",
     {"bashu cooperate scenarios/twin_cities.yaml", "bashu cooperate scenarios/twin_cities.yaml --outcome gdp --json"},
     run_cooperate},
    {"map",
     "VARIABLE [SCENARIO]",
     1,
     2,
     (INPUTS & ~TAKES_JSON) | TAKES_OUTPUT | TAKES_ECONOMY | TAKES_MAP,
     "a map (SVG) of a variable of every place, at the baseline or as a scenario changes it; -o names the file",
     "各地某一变量的地图（SVG）：基期水平或情景下的变化；-o 指定文件",
     {"bashu map gdp_per_head --economy economies/china2020 -o gdp_per_head.svg", "bashu map welfare scenarios/cooperation.yaml -o welfare.svg"},
     run_map},
    {"explain",
     "[SCENARIO]",
     0,
     1,
     INPUTS | TAKES_CSV | TAKES_OUTPUT | TAKES_ECONOMY | TAKES_STRICT | TAKES_LINEAR | TAKES_BY,
     "why an outcome changes: by change, channel, partner, place; and in first order what moves it, friends and enemies",
     "结果为何变化：按变化、途径、伙伴、地区分解；以及基期的一阶答案：什么影响某项结果、友与敌",
     {"bashu explain scenarios/cooperation.yaml --by channel", "bashu explain --gradient gdp:circle=CCEC --economy economies/china2020"},
     run_explain},
    {"clusters",
     "",
     0,
     0,
     INPUTS | TAKES_CSV | TAKES_OUTPUT | TAKES_ECONOMY | TAKES_CLUSTERS,
     "where sectors concentrate, a circle beside its benchmark, and what it would take to have the benchmark's cluster",
     "行业在何处集聚、城市圈与对照对象的差距，以及达到对照对象的集群需要什么",
     {"bashu clusters --sector electronics", "bashu clusters --sector electronics --circle CCEC --benchmark YRD --take all"},
     run_clusters},
    {"gravity",
     "SPEC",
     1,
     1,
     TAKES_JSON | TAKES_CSV | TAKES_OUTPUT | TAKES_THREADS | TAKES_OPTIONS,
     "estimates a gravity equation with fixed effects, and multilateral resistances",
     "估计带固定效应的引力方程及多边阻力",
     {"bashu gravity examples/gravity.yaml", "bashu gravity examples/gravity.yaml --json -o out"},
     run_gravity},
    {"verify",
     "[CASE...]",
     0,
     ARGUMENT_MAX,
     TAKES_JSON | TAKES_OUTPUT | TAKES_THREADS | TAKES_OPTIONS | TAKES_CASES | TAKES_VERIFY,
     "published models as cases: converted, solved, and compared with what was published",
     "以已发表的模型为案例：转换、求解并与发表结果比较",
     {"bashu verify --reference DIR", "bashu verify eaton_kortum_autarky --method all"},
     run_verify},
    {"convert",
     "CASE",
     1,
     1,
     TAKES_OUTPUT | TAKES_CASES | TAKES_FROM,
     "a published package to an economy in the documented format, by the conversion of a case",
     "按案例的转换规则，把已发表的数据包转换为文档所述格式的经济数据",
     {"bashu convert gegravity_eu_enlargement --from PACKAGE -o out", "bashu convert eaton_kortum_autarky -o out"},
     run_convert},
    {"bench",
     "[ROW...] | static [SCENARIO]",
     0,
     ARGUMENT_MAX,
     INPUTS | TAKES_ECONOMY | TAKES_REPEATS | TAKES_COMPARE,
     "speed goals as ratios measured side by side on this machine; static: times of the steps of a run",
     "在本机上并列测得的速度比值及目标；static：一次运行各步骤的用时",
     {"bashu bench pass start --compare bench/baseline.json", "bashu bench static scenarios/cooperation.yaml --repeats 9"},
     run_bench},
    {"leontief",
     "FOLDER",
     0,
     1,
     INPUTS | TAKES_CSV | TAKES_OUTPUT | TAKES_ECONOMY,
     "input-output accounts of many regions: inverse, multipliers, what is embodied in trade",
     "多区域投入产出核算：逆矩阵、乘数与贸易隐含量",
     {"bashu leontief my_tables -o out", "bashu leontief --economy economies/china2020 --csv"},
     run_leontief},
    {"assign",
     "FOLDER",
     0,
     1,
     TAKES_JSON | TAKES_CSV | TAKES_NETWORK,
     "trips on a congested network, each on a least-time way (user equilibrium)",
     "拥堵网络上的出行分配：每次出行都走用时最短的路线（用户均衡）",
     {"bashu assign my_network", "bashu assign --links links.csv --trips trips.csv --json"},
     run_assign},
    {"doctor",
     "",
     0,
     0,
     TAKES_JSON | TAKES_THREADS,
     "what this program was built with, and whether it works here",
     "本程序的构建信息，以及能否在此正常运行",
     {"bashu doctor", "bashu doctor --json"},
     run_doctor},
    {"help",
     "[COMMAND]",
     0,
     1,
     0,
     "this text, or the help of a command",
     "显示本帮助或某个命令的帮助",
     {"bashu help", "bashu help run"},
     run_help},
    {"version", "", 0, 0, TAKES_JSON, "the version", "显示版本", {"bashu version", "bashu --version"}, run_version},
};
const size_t command_count = sizeof commands / sizeof commands[0];

const command *find_command(const char *name)
{
    for (size_t k = 0; k < command_count; k++)
        if (!strcmp(commands[k].name, name)) return &commands[k];
    return NULL;
}

/* Threads of the OpenMP runtime spin while they wait. On a machine that does anything else a spinning thread keeps the
 * one it waits for from running: with both cores busy a solve took eight times as long. The runtime reads its settings
 * when it is loaded, before main, hence the second start, for the commands that compute and only once. */
static void wait_without_spinning(const command *wanted, char **words)
{
    if (!(wanted->flags & TAKES_OPTIONS) || getenv("OMP_WAIT_POLICY")) return;
    if (setenv("OMP_WAIT_POLICY", "passive", 1) == 0) execv("/proc/self/exe", words); /* on failure: spin */
}

int main(int count, char **words)
{
    request asked;
    int code = parse_request(&asked, count, words);
    if (code == EXIT_OK) {
        if (asked.version) code = run_version(&asked);
        else if (asked.help) code = show_help(&asked, asked.command);
        else {
            wait_without_spinning(asked.command, words);
            code = asked.command->run(&asked);
        }
    }
    clear_progress();
    if (fclose(stdout) != 0 && code == EXIT_OK) {
        complain("standard output could not be written");
        code = EXIT_IO;
    }
    return code;
}
