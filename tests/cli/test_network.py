"""bashu network, links and plan on lantern, against shortest ways computed here. Usage: test_network.py PROGRAM SOURCE_ROOT."""
import csv
import io
import json
import math
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
ROOT = pathlib.Path(sys.argv[2])
LANTERN = ROOT / "economies" / "lantern"


def run(*words):
    known = {k: v for k, v in os.environ.items() if k in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH")}
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, env={**known, "LC_ALL": "C"}, timeout=100)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def table(name, folder=LANTERN):
    return rows((folder / name).read_text(encoding="utf-8"))


def least(links, a, b, modes):
    """Least minutes from a to b over the links of some modes, by relaxing every link until nothing gets nearer."""
    time = {a: 0.0}
    for _ in links:
        for link in links:
            if link["mode"] not in modes:
                continue
            for u, v in ((link["from_node"], link["to_node"]), (link["to_node"], link["from_node"])):
                there = time.get(u, float("inf")) + float(link["minutes"])
                if there < time.get(v, float("inf")):
                    time[v] = there
    return time.get(b)


class Network(unittest.TestCase):
    def copy(self):
        folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        shutil.copytree(LANTERN, folder / "lantern")
        return folder / "lantern"

    def test_times_against_a_second_search(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run("network", LANTERN, "-o", folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            found = table("times.csv", pathlib.Path(folder))
            listed = table("links.csv", pathlib.Path(folder))
            fits = json.loads((pathlib.Path(folder) / "network.json").read_text(encoding="utf-8"))["fit"]
        links = table("links.csv")
        printed = [row for row in table("travel_times.csv") if row["year"] == "2020"]
        self.assertEqual([row["link"] for row in listed], [link["id"] for link in links])
        self.assertEqual(len(found), len(printed))
        errors = []
        for row, want in zip(found, printed):
            modes = [row["mode"]] if row["mode"] else ["rail_high_speed", "rail_conventional"]
            minutes = least(links, row["from_node"], row["to_node"], modes)
            self.assertAlmostEqual(float(row["found_minutes"]), minutes, 9)
            self.assertAlmostEqual(float(row["error_pct"]), 100 * (minutes / float(want["minutes"]) - 1), 9)
            if row["mode"] == "rail_conventional":
                errors.append(float(row["error_pct"]))
        self.assertEqual([row["one_link"] for row in found], ["1", "1", "0", "1", "1"])
        fit = next(f for f in fits if f["mode"] == "rail_conventional" and f["ways"] == "all")
        self.assertAlmostEqual(fit["bias_pct"], statistics.median(errors), 9)
        self.assertAlmostEqual(fit["median_pct"], statistics.median(map(abs, errors)), 9)
        several = next(f for f in fits if f["mode"] == "rail_conventional" and f["ways"] == "several")
        self.assertEqual((several["count"], several["worst_found_minutes"], several["worst_printed_minutes"]), (1, 210, 230))

    def test_stops_and_transfers(self):
        """By --set and by economy.yaml alike; each node that a direct train passes costs its stop."""
        words = ["--set", "travel.stop_minutes.rail_conventional=6", "--set", "travel.transfer_minutes.rail_high_speed=25"]
        folder = self.copy()
        text = (folder / "economy.yaml").read_text(encoding="utf-8")
        text = text.replace("  speed_limits", '  stop_minutes: {rail_conventional: {value: 6, low: 2, high: 9, source: "t"}}\n'
                            '  transfer_minutes: {rail_high_speed: {value: 25, source: "t"}}\n  speed_limits', 1)
        (folder / "economy.yaml").write_text(text, encoding="utf-8")
        set_here, stated, plain = (json.loads(run("network", *w, "--json").stdout) for w in ([LANTERN, *words], [folder], [LANTERN]))
        self.assertEqual(set_here["fit"], stated["fit"])
        mode = {m["mode"]: m for m in stated["modes"]}
        self.assertEqual((mode["rail_conventional"]["stop_minutes"], mode["rail_high_speed"]["transfer_minutes"], mode["road"]["stop_minutes"]), (6, 25, 0))
        worst = [next(f for f in n["fit"] if (f["mode"], f["ways"]) == ("rail_conventional", "several"))["worst_found_minutes"] for n in (plain, stated)]
        self.assertEqual([round(w, 9) for w in worst], [210, 216])  # two links, one station between
        self.assertIn("for stops: conventional rail 6", run("network", LANTERN, *words, "--lang", "en").stdout)
        self.assertIn("换乘：高速铁路 25", run("network", LANTERN, *words, "--lang", "zh").stdout)
        self.assertNotIn("for stops", run("network", LANTERN, "--lang", "en").stdout)

    def test_all_routes(self):
        """routing: stochastic: described, compared with printed times over all routes of their mode, and drawn; times are below the least."""
        words = ["--set", "model.routing=stochastic", "--set", "travel.passenger.route_dispersion=3"]
        plain, routes = (json.loads(run("network", LANTERN, *w, "--json").stdout) for w in ([], words))
        self.assertEqual((plain["model"]["routing"], routes["model"]["routing"]), ("least_time", "stochastic"))
        self.assertNotIn("travel", plain["model"])
        self.assertEqual(routes["model"]["travel"]["passenger"]["route_dispersion"], 3)
        several = [next(f for f in n["fit"] if (f["mode"], f["ways"]) == ("rail_conventional", "several"))["worst_found_minutes"] for n in (plain, routes)]
        # Alder - Elm - Dune in 130 and 80 minutes, the only way; routes that go back and forth count too: 1 / (1 - a^2 - b^2) of them
        a, b = math.exp(-3 * 130 / 60), math.exp(-3 * 80 / 60)
        self.assertAlmostEqual(several[0], 210, 9)
        self.assertAlmostEqual(several[1], 210 + 60 / 3 * math.log(1 - a * a - b * b), 9)
        self.assertIn("routes: all, quick ones more often (routing: stochastic; route_dispersion freight 6, passenger 3 per hour)", run("network", LANTERN, *words, "--lang", "en").stdout)
        self.assertIn("所有路径", run("network", LANTERN, *words, "--lang", "zh").stdout)
        self.assertIn("routes: the quickest", run("network", LANTERN, "--lang", "en").stdout)
        self.assertIn("a mode first", run("network", LANTERN, "--set", "travel.passenger.mode_dispersion=2", "--lang", "en").stdout)
        maps = [run("network", LANTERN, *w, "--place", "alder").stdout for w in ([], words)]
        self.assertNotEqual(*maps)
        refused = run("network", LANTERN, "--set", "model.routing=stochastic", "--set", "travel.freight.route_dispersion=0.3")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("travel class 'freight'", refused.stderr)
        self.assertIn("would do", refused.stderr)

    def test_least_times_are_no_others(self):
        for words, says in ((["model.routing=stochastic"], "routing: stochastic; set model.routing=least_time"), (["travel.passenger.mode_dispersion=2"], "chooses a mode first (mode_dispersion 2)")):
            refused = run("times", LANTERN, *(w for word in words for w in ("--set", word)))
            self.assertNotEqual(refused.returncode, 0)
            self.assertIn(says, refused.stderr)
        self.assertEqual(run("times", LANTERN, "--travel", "freight", "--set", "travel.passenger.mode_dispersion=2").returncode, 0)

    def test_every_command_under_all_routes(self):
        words = ["--set", "model.routing=stochastic"]
        folder = self.copy()
        scenario = folder / "s.yaml"
        scenario.write_text("format: bashu-scenario/1\nname: s\neconomy: .\nchanges:\n"
                            "  - {id: a, title: A, lever: link_time, links: [rail-alder-dune-hs], change_pct: -20, source: s, cost: {value: 5, source: s}}\n"
                            "  - {id: b, title: B, lever: link_new, from_node: Rbrook, to_node: Rfern, mode: road, to: 150, low: 120, high: 200, source: s, cost: {value: 4, source: s}}\n",
                            encoding="utf-8")
        for command in (["run", scenario], ["plan", scenario, "--budget", "6"], ["sweep", scenario, "--draws", "4"], ["path", scenario, "--years", "3"],
                        ["links", "--exact", "1", "--scenario", scenario], ["explain", scenario, "--by", "change"], ["explain", scenario, "--linear"]):
            with self.subTest(command=command[0]):
                plain, routes = (run(*command, *w, "--json") for w in ([], words))
                self.assertEqual((plain.returncode, routes.returncode), (0, 0), routes.stderr)
                self.assertNotEqual(plain.stdout, routes.stdout)
                json.loads(routes.stdout)

    def test_an_earlier_year(self):
        now, then = (json.loads(run("network", LANTERN, "--json", *more).stdout) for more in ((), ("--year", "2010")))
        mode = {m["mode"]: m for m in then["modes"]}
        self.assertEqual((mode["rail_high_speed"]["links"], mode["rail_high_speed"]["closed"]), (0, 1))  # the line of 2015
        self.assertEqual((now["printed_year"], then["printed_year"]), (2020, 2010))
        self.assertEqual(next(f for f in then["fit"] if f["ways"] == "all")["worst_printed_minutes"], 220)
        self.assertIn("no printed times of that year", run("network", LANTERN, "--year", "1999", "--lang", "en").stdout)

    def test_faults_are_found(self):
        folder = self.copy()
        links = (folder / "links.csv").read_text(encoding="utf-8")
        links += "rail-twin,Sdune,Salder,rail_high_speed,300,310,2016,,\nroad-fast,Ralder,Rfern,road,60,10,1999,,\n"
        (folder / "links.csv").write_text(links, encoding="utf-8")
        problems = json.loads(run("network", folder, "--json").stdout)["problems"]
        self.assertEqual(sorted((p["fault"], p["id"]) for p in problems),
                         [("too_fast", "road-fast"), ("too_short", "road-fast"), ("twin", "rail-twin")])
        twin = next(p for p in problems if p["fault"] == "twin")
        self.assertEqual((twin["other"], twin["value"], twin["limit"]), ("rail-alder-dune-hs", 300, 95))
        self.assertEqual(json.loads(run("network", LANTERN, "--json").stdout)["problems"], [])
        cut = links.replace("road-fast,Ralder,Rfern,road,60,10,1999", "road-fast,Ralder,Rfern,road,60,10,2019").replace("road-dune-fern,Rdune,Rfern,road,110,130,1996", "road-dune-fern,Rdune,Rfern,road,110,130,2019").replace(
            "road-elm-fern,Relm,Rfern,road,190,235,1990", "road-elm-fern,Relm,Rfern,road,190,235,2019").replace(
            "sea-fern,Rfern,RSEA,road,7500,2600,", "sea-fern,Rfern,RSEA,road,7500,2600,2019")
        (folder / "links.csv").write_text(cut, encoding="utf-8")
        then = json.loads(run("network", folder, "--json", "--year", "2015").stdout)["problems"]
        self.assertIn(("unreachable", "fern", "freight"), [(p["fault"], p["id"], p["other"]) for p in then])

    def test_links_and_plan(self):
        found = json.loads(run("links", "--economy", LANTERN, "--exact", "2", "--json").stdout)
        self.assertEqual(len(found["links"]), 13)
        first = found["links"][0]["effects"][0]
        self.assertGreater(first["exact_pct"], 0)
        self.assertIsNone(found["links"][2]["effects"][0]["exact_pct"])
        listed = rows(run("links", "--economy", LANTERN, "--exact", "2", "--csv").stdout)
        self.assertEqual([r["link"] for r in listed], [r["link"] for r in found["links"]])
        self.assertEqual(float(listed[0]["carried"]), found["links"][0]["carried"])
        only = json.loads(run("links", "--economy", LANTERN, "--exact", "0", "--mode", "rail_conventional", "--json").stdout)
        self.assertEqual({r["mode"] for r in only["links"]}, {"rail_conventional"})
        self.assertIn("一阶", run("links", "--economy", LANTERN, "--exact", "1", "--lang", "zh").stdout)
        wrong = run("links", "--economy", LANTERN, "--mode", "rail_convetional")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("did you mean 'rail_conventional'", wrong.stderr)
        with tempfile.TemporaryDirectory() as folder:
            plan = pathlib.Path(folder) / "p.yaml"
            change = "  - {id: %s, title: %s, lever: link_time, links: [%s], change_pct: -20, source: s, cost: {value: %s, source: s}}\n"
            plan.write_text("format: bashu-scenario/1\nname: p\neconomy: %s\nchanges:\n" % LANTERN.resolve() + change % ("a", "A", "rail-alder-dune-hs", 5)
                            + change % ("b", "B", "road-alder-brook", 4), encoding="utf-8")
            answer = json.loads(run("plan", plan, "--budget", "8", "--json").stdout)
            self.assertEqual((answer["proof"], sum(p["chosen"] for p in answer["projects"])), ("enumerated", 1))
            best = max(answer["projects"], key=lambda p: p["alone_pct"])
            self.assertTrue(best["chosen"])
            self.assertAlmostEqual(answer["gain_pct"], best["alone_pct"], 12)
            sets = rows(run("plan", plan, "--budget", "8", "--csv").stdout)
            self.assertEqual({(r["set"], r["allowed"]) for r in sets}, {("", "1"), ("a", "1"), ("b", "1"), ("a b", "0")})
            self.assertIn("最优组合", run("plan", plan, "--budget", "8", "--lang", "zh").stdout)
            self.assertEqual(run("plan", plan).returncode, 2)
            self.assertEqual(run("plan", LANTERN.parent.parent / "scenarios" / "nothing.yaml", "--budget", "8").returncode, 2)

    def test_what_links_carry_against_trains(self):
        """The rank correlation again, from the table and the list of links; a count without a time is no printed time."""
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / "lantern"
            shutil.copytree(LANTERN, copy)
            with open(copy / "travel_times.csv", "a", encoding="utf-8") as file:
                file.write("Ralder,Rbrook,road,2022,,25,counted\nRcinder,Ralder,road,2022,,10,counted\nRelm,Rdune,road,2022,,30,counted\nRdune,Rfern,road,2022,,40,counted\n")
            answer = json.loads(run("links", "--economy", copy, "--exact", "0", "--json").stdout)
            pairs = [(link["carried"], link["trains"]) for link in answer["links"] if link["trains"] is not None]
            self.assertEqual(sorted(trains for _, trains in pairs), [10, 25, 30, 40])

            def ranks(values):
                return [sorted(values).index(value) for value in values]
            a, b = (ranks(list(side)) for side in zip(*pairs))
            expected = 1 - 6 * sum((x - y) ** 2 for x, y in zip(a, b)) / (4 * (4 ** 2 - 1))
            self.assertGreater(abs(expected), 0.1)  # else its sign would not show
            self.assertEqual(answer["train_year"], 2022)
            self.assertEqual([(row["mode"], row["links"]) for row in answer["carried_against_trains"]], [("road", 4)])
            self.assertAlmostEqual(answer["carried_against_trains"][0]["rank_correlation"], expected, 12)
            self.assertIn("秩相关", run("links", "--economy", copy, "--exact", "0", "--lang", "zh").stdout)
            self.assertEqual(json.loads(run("network", copy, "--json").stdout)["fit"], json.loads(run("network", LANTERN, "--json").stdout)["fit"])
            self.assertIsNone(json.loads(run("network", copy, "--year", "2022", "--json").stdout)["printed_year"])
            with open(copy / "travel_times.csv", "a", encoding="utf-8") as file:
                file.write("Ralder,Rfern,road,2022,,,neither\n")
            done = run("links", "--economy", copy)
            self.assertEqual(done.returncode, 3)
            self.assertIn("travel_times.csv:12: column 'minutes': is empty; write the printed time in minutes, or how many trains run", done.stderr)

    def test_links_that_money_makes_faster(self):
        upgrades = ROOT / "tests" / "cli" / "upgrades.yaml"
        with tempfile.TemporaryDirectory() as folder:
            answer = json.loads(run("plan", upgrades, "--continuous", "--budget", "3", "-o", folder, "--json").stdout)
            self.assertAlmostEqual(sum(link["money"] for link in answer["links"]), 3, 6)
            self.assertTrue(answer["even_pct"] < answer["gain_pct"] < answer["bound_pct"])
            self.assertLess(answer["certificate"]["conditions"], 1e-6)
            for link in answer["links"]:
                law = answer["laws"][link["law"]]
                law_minutes = link["minutes"] * (1 + link["money"] / link["capital"]) ** -law["returns"]["value"]
                self.assertAlmostEqual(link["planned_minutes"], law_minutes, 6)
            self.assertEqual(len(rows((pathlib.Path(folder) / "links.csv").read_text(encoding="utf-8"))), 3)
            again = json.loads(run("run", pathlib.Path(folder) / "plan.yaml", "--json").stdout)  # the plan as a scenario
            self.assertAlmostEqual(again["focus"]["welfare_pct"], answer["gain_pct"], 7)
            self.assertEqual(run("plan", pathlib.Path(folder) / "projects.yaml", "--budget", "3").returncode, 0)
        chinese = run("plan", upgrades, "--continuous", "--budget", "3", "--lang", "zh", "--starts", "5").stdout
        for words in ("非凹问题：5 个起点", "局部最优的条件", "上界", "预算按公里平均分配"):
            self.assertIn(words, chinese)
        self.assertEqual(run("plan", upgrades, "--continuous").returncode, 2)
        self.assertIn("bashu-upgrades/1", run("plan", ROOT / "tests" / "cli" / "twin.yaml", "--continuous", "--budget", "3").stderr)

    def test_a_network_that_is_built(self):
        done = run("plan", ROOT / "examples" / "grid.yaml", "--continuous", "--json")
        if done.returncode == 7:
            self.assertIn("coinor-libipopt", done.stderr)
            self.skipTest("Ipopt is not there")
        answer = json.loads(done.stdout)
        self.assertTrue(answer["convex"])
        self.assertLess(answer["residual"], 1e-6)
        self.assertAlmostEqual(sum(link["size"] for link in answer["links"]), 1, 6)
        twice = json.loads(run("plan", ROOT / "examples" / "grid.yaml", "--continuous", "--budget", "2", "--json").stdout)
        self.assertGreater(twice["welfare"], answer["welfare"])
        self.assertEqual(len(rows(run("plan", ROOT / "examples" / "grid.yaml", "--continuous", "--csv").stdout)), 12)
        self.assertIn("凸问题", run("plan", ROOT / "examples" / "grid.yaml", "--continuous", "--lang", "zh").stdout)

    def test_pictures(self):
        import xml.etree.ElementTree as tree
        with tempfile.TemporaryDirectory() as folder:
            run("network", LANTERN, "--place", "alder", "-o", folder)
            run("links", "--economy", LANTERN, "--exact", "1", "-o", folder)
            for name, least in (("network.svg", 12), ("links.svg", 10), ("time_from_alder.svg", 0)):
                root = tree.parse(pathlib.Path(folder) / name).getroot()
                self.assertGreaterEqual(len(root.findall("{http://www.w3.org/2000/svg}line")), least)
        then = run("network", LANTERN, "--place", "alder", "--year", "2010", "--lang", "en")
        self.assertIn("Less travel time from Alder", then.stdout)
        wrong = run("network", LANTERN, "--place", "aldr")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("no region 'aldr'", wrong.stderr)

    def test_words(self):
        self.assertIn("nothing found", run("network", LANTERN, "--lang", "en").stdout)
        chinese = run("network", LANTERN, "--lang", "zh").stdout
        self.assertIn("时刻表", chinese)
        self.assertIn("高速铁路", chinese)
        self.assertEqual(run("network", LANTERN, "--year", "0").returncode, 2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
