"""bashu path from outside: text, JSON and CSV say the same; years and rates that cannot be are refused.

Usage: test_path.py PROGRAM SOURCE_ROOT CLASS. Only the standard library."""
import csv
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
ROOT = pathlib.Path(sys.argv[2])
LANTERN = str(ROOT / "economies" / "lantern")
YEARS = """format: bashu-scenario/1
name: years
title: {en: "Lamp by steps", zh: "逐步开放"}
economy: LANTERN
changes:
  - {id: zone, title: {en: Lamp, zh: 灯芯}, lever: zone_land, zones: [lamp], change_pct: 40, from_year: 2022, phase_in_years: 3, until_year: 2026, assumption: invented}
"""


def bashu(*words):
    known = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TMPDIR": tempfile.gettempdir()}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH"):
        if name in os.environ:
            known[name] = os.environ[name]
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, env=known, timeout=120, cwd=ROOT)


class Path(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bashu-path-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.scenario = self.folder / "years.yaml"
        self.scenario.write_text(YEARS.replace("LANTERN", LANTERN), encoding="utf-8")

    def ends(self, code, *words):
        done = bashu(*words)
        self.assertEqual(done.returncode, code, f"{words}\n{done.stdout}\n{done.stderr}")
        return done

    AHEAD = ("--set", "model.time=foresight", "--set", "elasticities.discount_factor=0.9", "--set", "elasticities.migration_noise=4",
             "--set", "elasticities.gross_migration=0.03")

    def test_people_who_look_ahead(self):
        rows = list(csv.DictReader(io.StringIO(self.ends(0, "path", self.scenario, "--years", 6, "--csv", *self.AHEAD).stdout)))
        self.assertIn("2026", {row["year"] for row in rows})
        text = self.ends(0, "path", self.scenario, "--years", 6, "--lang", "zh", *self.AHEAD).stdout
        self.assertIn("2026", text)
        same = [self.ends(0, "path", self.scenario, "--years", 6, "--csv", "-j", threads, *self.AHEAD).stdout for threads in (1, 2)]
        self.assertEqual(same[0], same[1])

    def test_long_runs_from_other_starts(self):
        def certificates(*words):
            year = json.loads(self.ends(0, "path", self.scenario, "--years", 3, "--json", *self.AHEAD, *words).stdout)["years"][3]
            return [(c["starts"], c["equilibria"]) for c in year["certificates"].values()]
        self.assertEqual(certificates("--starts", 2), [(2, 1), (2, 1)])
        self.assertEqual(certificates(), [(0, 1), (0, 1)])

    def ahead(self, *words, economy=LANTERN, changes=None):
        """Years of people who look ahead, by year and place."""
        if changes is not None:
            self.scenario.write_text(YEARS.split("changes:")[0].replace("LANTERN", str(economy)) + "changes:\n" + changes.replace("{id: ", "{title: {en: Change, zh: 变化}, id: "), encoding="utf-8")
        rows = csv.DictReader(io.StringIO(self.ends(0, "path", self.scenario, "--csv", "--years", 4, *self.AHEAD, *words).stdout))
        return {(int(row["year"]), row["id"]): row for row in rows}

    def test_cheaper_moves_are_made(self):
        (self.folder / "moves.csv").write_text("origin,destination,group,hat\n" + "".join(
            f"{place},alder,{group},0.5\n" for place in ("brook", "cinder", "dune", "elm", "fern") for group in ("college", "others")), encoding="utf-8")
        years = self.ahead(changes="  - {id: moves, lever: migration_cost, table: moves.csv, from_year: 2022, assumption: invented}\n")
        change = {key: float(row["population_cf"]) / float(row["population_base"]) - 1 for key, row in years.items()}
        self.assertEqual({change[2020, "alder"], change[2021, "dune"], change[2022, "SEA"]}, {0})  # news moves nobody before the year after
        self.assertGreater(change[2023, "alder"], 1e-4)
        self.assertGreater(change[2024, "alder"], change[2023, "alder"])
        self.assertLess(change[2024, "fern"], 0)
        for kind in ("base", "cf"):
            self.assertAlmostEqual(sum(float(years[2024, place][f"population_{kind}"]) for place in ("alder", "brook", "cinder", "dune", "elm", "fern")) / 8.4e6, 1, places=12)

    def test_time_costs_moves_as_it_costs_gross_flows(self):
        """All links a fifth quicker: with x = 1 and nu = 4 moves cost 0.8^(x nu) as much, and nothing else depends on time here. A better
        place gives people a reason to go, since gross flows by a rate balance whatever they cost."""
        better = "  - {id: better, lever: productivity, regions: [alder], change_pct: 10, from_year: 2022, assumption: invented}\n"
        still = ("--set", "elasticities.trade_time_elasticity=0", "--set", "elasticities.agglomeration_decay=inf", "--set", "elasticities.amenity_decay=inf")
        links = (ROOT / "economies/lantern/links.csv").read_text(encoding="utf-8").split("\n")[1:]
        names = ", ".join(line.split(",")[0] for line in links if line)
        quicker = self.ahead(*still, changes=better + f"  - {{id: time, lever: link_time, links: [{names}], change_pct: -20, from_year: 2022, assumption: invented}}\n")
        cheaper = self.ahead(*still, changes=better + f"  - {{id: moves, lever: migration_cost, within: {{province: [north, south]}}, hat: {0.8 ** 4!r}, from_year: 2022, assumption: invented}}\n")
        neither = self.ahead(*still, changes=better)
        for year, place in quicker:
            a, b = (float(answer[year, place]["population_cf"]) for answer in (quicker, cheaper))
            self.assertAlmostEqual(a / b, 1, places=9)
        self.assertGreater(float(quicker[2024, "alder"]["population_cf"]) / float(neither[2024, "alder"]["population_cf"]), 1.0001)

    def test_groups_quarters_and_people_at_home(self):
        economy = self.folder / "lantern"
        shutil.copytree(LANTERN, economy)
        text = (economy / "economy.yaml").read_text(encoding="utf-8").replace("tables:\n", "tables:\n  gross_flows: gross_flows.csv\n", 1)
        (economy / "economy.yaml").write_text(text, encoding="utf-8")
        wages = list(csv.DictReader(io.StringIO((economy / "wage_bill.csv").read_text(encoding="utf-8"))))
        (economy / "wage_bill.csv").write_text("area,sector,group,share\n" + "".join(
            f"{r['area']},{r['sector']},{r['group']},{int(r['group'] == 'others')}\n" for r in wages), encoding="utf-8")  # college: nobody pays them
        places = ("alder", "brook", "cinder", "dune", "elm", "fern")
        (economy / "gross_flows.csv").write_text("region,group,to_region,to_group,people\n" + "".join(
            f"{a},others,{b},others,{3000 if b == 'alder' else 2000}\n{a},college,{b},others,500\n{a},others,{b},college,500\n" for a in places for b in places if a != b), encoding="utf-8")
        years = self.ahead("--set", "elasticities.periods_per_year=4", "--set", "elasticities.discount_factor=0.97", economy=economy,
                           changes="  - {id: better, lever: productivity, regions: [alder], change_pct: 10, from_year: 2022, assumption: invented}\n")
        people = {(year, kind): {p: float(years[year, p][f"population_{kind}"]) for p in places} for year in range(2020, 2025) for kind in ("base", "cf")}
        self.assertEqual(people[2020, "cf"], people[2020, "base"])
        self.assertNotEqual(people[2021, "cf"], people[2021, "base"])  # news in the second quarter of 2020
        self.assertGreater(people[2024, "cf"]["alder"] / people[2024, "base"]["alder"], 1.0001)
        self.assertNotAlmostEqual(people[2024, "base"]["alder"] / people[2020, "base"]["alder"], 1, places=4)  # on the baseline path, too
        for by_place in people.values():
            self.assertAlmostEqual(sum(by_place.values()) / 8.4e6, 1, places=12)

    def test_what_people_do_not_reckon_with(self):
        error = self.ends(3, "path", self.scenario, *self.AHEAD, "--set", "model.innovation=research").stderr
        for word in ("innovation: research", "model.innovation=none", "model.time=growth"):
            self.assertIn(word, error)
        done = bashu("path", "scenarios/new_areas_years.yaml", "--set", "model.time=foresight", "--set", "model.innovation=none")
        self.assertEqual(done.returncode, 3)
        for word in ("'institutes'", "research_staff", "model.time=growth"):
            self.assertIn(word, done.stderr)

    def test_looking_ahead_needs_to_be_told_how(self):
        error = self.ends(3, "path", self.scenario, "--set", "model.time=foresight").stderr
        self.assertIn("gross_flows", error)
        error = self.ends(3, "path", self.scenario, *self.AHEAD[:4], "--set", "elasticities.gross_migration=0.03").stderr
        self.assertIn("migration_noise", error)
        error = self.ends(2, "path", self.scenario, *self.AHEAD, "--set", "elasticities.discount_factor=1").stderr
        self.assertIn("discount_factor", error)

    def test_text_in_both_languages(self):
        english, chinese = (self.ends(0, "path", self.scenario, "--years", 8, "--lang", word).stdout for word in ("en", "zh"))
        for word in ("2020 to 2028", "Lamp", "2022", "2024", "2026", "Certificate of every year"):
            self.assertIn(word, english)
        for word in ("逐步开放", "时间安排", "灯芯", "各年核验证书"):
            self.assertIn(word, chinese)
        self.assertNotIn("Certificate", chinese)

    def test_json_and_csv_agree(self):
        answer = json.loads(self.ends(0, "path", self.scenario, "--years", 8, "--json").stdout)
        rows = list(csv.DictReader(io.StringIO(self.ends(0, "path", self.scenario, "--years", 8, "--csv").stdout)))
        self.assertEqual([y["year"] for y in answer["years"]], list(range(2020, 2029)))
        self.assertEqual(answer["solved"], 9)
        self.assertEqual(answer["changes"][0]["phase_in_years"], 3)
        for year in answer["years"]:
            nation = year["circles"][-1]
            of_year = [r for r in rows if int(r["year"]) == year["year"] and r["id"] != "SEA"]
            for kind in ("base", "cf"):
                self.assertAlmostEqual(sum(float(r[f"gdp_{kind}"]) for r in of_year) / nation[f"gdp_{kind}"], 1, places=12)
            self.assertAlmostEqual(nation["gdp_share_base"], 1, places=12)
            self.assertEqual(nation["gdp_pct"] == 0, not 2022 <= year["year"] <= 2026, year)
            for path in year["certificates"].values():
                self.assertLessEqual(path["residual"], 1e-10)

    def test_files(self):
        self.ends(0, "path", self.scenario, "--years", 2, "-q", "-o", self.folder / "out")
        self.assertEqual(sorted(p.name for p in (self.folder / "out").iterdir()), ["years.csv", "years.json"])

    def test_how_far_to_go(self):
        rows = list(csv.DictReader(io.StringIO(self.ends(0, "path", self.scenario, "--years", 4, "--best", "gdp", "--range=-1,2", "--csv").stdout)))
        scales = [float(r["scale"]) for r in rows]
        self.assertEqual(scales, sorted(scales))
        self.assertEqual((scales[0], scales[-1]), (-1, 2))
        worth = {float(r["scale"]): float(r["present_value_pct"]) for r in rows}
        self.assertEqual(worth[0], 0)
        answer = json.loads(self.ends(0, "path", self.scenario, "--years", 4, "--best", "gdp", "--range=-1,2", "--json").stdout)
        self.assertEqual(answer["best_pct"], max(worth.values()))
        self.assertIn("最优规模", self.ends(0, "path", self.scenario, "--years", 4, "--best", "gdp", "--lang", "zh").stdout)

    def test_how_much_of_each_change(self):
        words = ("path", self.scenario, "--years", 3, "--best", "gdp:all", "--apart", "--range=0,2")
        answer = json.loads(self.ends(0, *words, "--json").stdout)
        best, certificate = answer["allocations"]["best"], answer["certificate"]
        self.assertTrue(certificate["certified"])
        self.assertEqual(answer["allocations"]["today"]["present_value_pct"], 0)
        self.assertIsNone(answer["allocations"]["equal"])
        self.assertEqual(best["present_value_pct"], max(p["present_value_pct"] for p in answer["paths"]))
        for scale, slope in zip(best["scale"], certificate["slope"]):  # more land and quicker ways are better up to any bound
            self.assertTrue(0 <= scale <= 2 and (scale < 2 or slope > -1e-6) and (scale > 0 or slope < 1e-6))
        rows = list(csv.DictReader(io.StringIO(self.ends(0, *words, "--csv").stdout)))
        self.assertEqual(len(rows), len(answer["paths"]))
        self.assertEqual([float(next(r for r in rows if r["name"] == "best")[f"scale_{c}"]) for c in answer["changes"]], best["scale"])
        self.assertIn("按情景", self.ends(0, *words, "--lang", "zh").stdout)
        self.assertIn("still to be gained", self.ends(0, *words, "--lang", "en").stdout)
        self.assertIn("--best OUTCOME", self.ends(2, "path", self.scenario, "--apart").stderr)

    def test_how_much_of_each_change_in_the_report(self):
        self.ends(0, "run", self.scenario, "-q", "-o", self.folder / "out", "--best", "gdp:all", "--years", 3)
        page = (self.folder / "out" / "report.html").read_text(encoding="utf-8")
        for word in ("How much of each change", "每项变化做多少", "percentage points are still to be gained"):
            self.assertIn(word, page)
        self.assertIn("-o DIR", self.ends(2, "run", self.scenario, "--best", "gdp:all").stderr)

    def test_a_cluster_by_year(self):
        answer = json.loads(self.ends(0, "path", self.scenario, "--years", 2, "--sector", "food", "--circle", "province=north", "--benchmark", "all", "--json").stdout)
        self.assertEqual([y["benchmark_cf"] for y in answer["cluster"]["years"]], [1, 1, 1])
        places = answer["in_place_and_elsewhere"]
        self.assertAlmostEqual(places["in_place"]["gdp"] + places["elsewhere_in_circle"]["gdp"] + places["elsewhere_in_nation"]["gdp"], places["nation"]["gdp"], places=9)
        self.assertIn("did you mean 'food'", self.ends(2, "path", self.scenario, "--sector", "fod").stderr)

    def test_what_cannot_be(self):
        self.assertIn("--range=-1,2", self.ends(2, "path", self.scenario, "--best", "gdp", "--range=2").stderr)
        self.assertIn("1 .. 1000", self.ends(2, "path", self.scenario, "--years", 0).stderr)
        self.assertIn("discount", self.ends(2, "path", self.scenario, "--discount", "2").stderr)
        self.assertIn("usage", self.ends(2, "path").stderr)


class China(unittest.TestCase):
    """On china2020, which has researchers."""
    setUp, ends = Path.setUp, Path.ends

    def test_the_report_of_what_takes_years(self):
        done = self.ends(0, "run", "scenarios/researchers_of_two_cores.yaml", "--years", "3", "-o", self.folder / "out")
        page = (self.folder / "out" / "report.html").read_text(encoding="utf-8")
        years = json.loads(self.ends(0, "path", "scenarios/researchers_of_two_cores.yaml", "--years", "3", "--json").stdout)
        self.assertIn("In 2023 real GDP is", page)
        self.assertIn("到 2023 年", page)
        for section in ("answer", "maps", "places", "changes"):
            self.assertNotIn(f'<section id="{section}">', page)
        self.assertLess(page.index('<section id="years">'), page.index('<section id="network">'))
        self.assertIn("acts from year to year", done.stdout)
        self.assertEqual(2023, years["years"][-1]["year"])


unittest.main(argv=["test_path.py", *sys.argv[3:]])
