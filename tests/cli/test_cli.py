"""The command line from outside: what it prints, what it writes, and how it ends.

Usage: test_cli.py PROGRAM SOURCE_ROOT. Only the standard library."""
import csv
import hashlib
import io
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unicodedata
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
ROOT = pathlib.Path(sys.argv[2])
HERE = ROOT / "tests" / "cli"
LANTERN = str(ROOT / "economies" / "lantern")
TWIN = str(HERE / "twin.yaml")
NOTHING = str(HERE / "nothing.yaml")
HEADLINES = ["gdp", "population", "real_wage", "welfare", "land_rent"]


def bashu(*words, environment=None, **more):
    known = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TMPDIR": tempfile.gettempdir()}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH"):
        if name in os.environ:
            known[name] = os.environ[name]
    known.update(environment or {})
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, env=known, timeout=120, **more)


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def width(text):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bashu-cli-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def ends(self, code, *words, **more):
        done = bashu(*words, **more)
        self.assertEqual(done.returncode, code, f"{words}\n{done.stdout}\n{done.stderr}")
        return done

    def economy(self, **changes):
        """A copy of Lantern in which some files are changed: name (dots as __) -> function of the text, or None to remove."""
        copy = self.folder / "economy"
        shutil.copytree(LANTERN, copy)
        for name, change in changes.items():
            path = copy / name.replace("__", ".")
            if change is None:
                path.unlink()
            else:
                path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
        return copy


class Help(Case):
    COMMANDS = ["run", "check", "calibrate", "solve", "compare", "explain", "verify", "convert", "bench", "leontief", "assign", "doctor", "help", "version"]

    def test_help_names_every_command(self):
        text = self.ends(0, "--help").stdout
        for name in self.COMMANDS:
            self.assertIn(f"\n  {name} ", text)
        self.assertIn("Exit codes", text)
        self.assertEqual(text, self.ends(0, "help").stdout)
        self.assertEqual(text, self.ends(0, "-h").stdout)

    def test_each_command_has_help_with_two_examples(self):
        for name in self.COMMANDS:
            for language in ("en", "zh"):
                text = self.ends(0, name, "--help", "--lang", language).stdout
                examples = text.split("示例\n" if language == "zh" else "Examples\n")[1].split("\n\n")[0]
                self.assertEqual(len(examples.splitlines()), 2, text)
                self.assertEqual(text, self.ends(0, "help", name, "--lang", language).stdout)

    def test_options_come_from_the_library(self):
        text = self.ends(0, "run", "--help").stdout
        for option in ("--tolerance", "--pass-limit", "--starts", "--seed"):
            self.assertIn(option, text)

    def test_help_of_a_command_names_only_its_flags(self):
        self.assertNotIn("--csv", self.ends(0, "run", "--help").stdout)
        self.assertIn("--csv", self.ends(0, "solve", "--help").stdout)

    def test_version(self):
        self.assertRegex(self.ends(0, "--version").stdout, r"^bashu \d+\.\d+\.\d+\n$")
        self.assertEqual(json.loads(self.ends(0, "version", "--json").stdout).keys(), {"version"})

    def test_language_of_the_system(self):
        self.assertIn("命令", self.ends(0, "--help", environment={"LC_ALL": "zh_CN.UTF-8"}).stdout)
        self.assertIn("命令", self.ends(0, "--help", environment={"LC_ALL": "", "LANG": "zh_CN.UTF-8"}).stdout)
        self.assertIn("Commands", self.ends(0, "--help", "--lang", "en", environment={"LC_ALL": "zh_CN.UTF-8"}).stdout)
        self.assertIn("命令", self.ends(0, "--help", "--lang=zh").stdout)


class Usage(Case):
    def wrong(self, *words):
        done = self.ends(2, *words)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def test_unknown_words_get_a_suggestion(self):
        self.assertIn("did you mean 'check'", self.wrong("chek"))
        self.assertIn("did you mean --economy", self.wrong("run", TWIN, "--econmy", LANTERN))
        self.assertIn("did you mean --tolerance", self.wrong("run", TWIN, "--tolerence", "1"))
        self.assertIn("是否想用", self.wrong("chek", "--lang", "zh"))

    def test_wrong_use(self):
        for words in (["run"], ["run", "a", "b"], ["run", TWIN, "--csv"], ["compare", TWIN], ["check"], ["solve"],
                      ["run", TWIN, "-j", "0"], ["run", TWIN, "-j", "x"], ["run", TWIN, "-j"], ["run", TWIN, "--json=1"],
                      ["run", TWIN, "-x"], ["run", TWIN, "--lang", "fr"], ["run", TWIN, "--set", "theta"],
                      ["run", TWIN, "--tolerance", "2"], ["run", TWIN, "--tolerance", "abc"], ["run", TWIN, "--starts", "1.5"],
                      ["check", LANTERN, "--economy", LANTERN], ["calibrate", LANTERN],
                      ["help", "nonsense"], ["bench", "dynamic"]):
            self.assertIn("error:", self.wrong(*words), words)

    def test_nothing_asked(self):
        done = self.ends(2)
        self.assertIn("Commands", done.stdout)

    def test_wrong_settings(self):
        self.assertIn("did you mean", self.wrong("run", TWIN, "--set", "elasticities.trade_elasticty=5"))
        self.wrong("run", TWIN, "--set", "model.mobility=sometimes")

    def test_flags_may_stand_anywhere(self):
        base = self.ends(0, "run", TWIN, "--json", "-j1").stdout
        for words in (["-j", "1", "--json", "run", TWIN], ["run", "--json", "--threads=1", TWIN], ["run", "--json", "-j1", "--", TWIN]):
            self.assertEqual(json.loads(self.ends(0, *words).stdout)["regions"], json.loads(base)["regions"])


class Run(Case):
    @classmethod
    def setUpClass(cls):
        cls.text = bashu("run", TWIN)
        cls.json = json.loads(bashu("run", TWIN, "--json").stdout)

    def test_the_answer(self):
        self.assertEqual(self.text.returncode, 0, self.text.stderr)
        for part in ("Twin lanterns", "Alder-Dune Twin Circle", "real GDP", "Nation", "Who gains most", "sum of the parts",
                     "interaction", "all together", "converged", "goods_market"):
            self.assertIn(part, self.text.stdout)
        self.assertEqual(self.text.stderr, "")
        self.assertNotIn("\033", self.text.stdout)
        for line in self.text.stdout.splitlines():
            self.assertEqual(line, line.rstrip())

    def test_json_has_its_schema(self):
        self.assertGreaterEqual(self.json.keys(), {"version", "scenario", "economy", "reason", "iterations", "certificate",
                                                   "regions", "circles", "changes", "time"})
        certificate = self.json["certificate"]
        self.assertLessEqual(certificate["residual"], 1e-10)
        self.assertEqual(max(certificate["equations"].values()), certificate["residual"])
        self.assertEqual(len(self.json["regions"]), 7)
        for region in self.json["regions"]:
            self.assertGreaterEqual(region.keys(), {"id", "name_zh", "name_en", "circle"} | {f"{h}_pct" for h in HEADLINES})
        self.assertEqual([c["id"] for c in self.json["changes"]], ["faster_line", "border", "registration", "new_area"])
        self.assertEqual([c["id"] for c in self.json["circles"]], ["twin", "all"])

    def test_parts_and_interaction_make_the_whole(self):
        for headline in HEADLINES:
            key = f"{headline}_pct"
            parts = sum(change[key] for change in self.json["changes"])
            self.assertAlmostEqual(parts + self.json["interaction"][key], self.json["focus"][key], places=12)

    def test_the_circle_is_the_sum_of_its_places(self):
        done = self.ends(0, "run", TWIN, "-o", self.folder / "out")
        rows = table(self.folder / "out" / "regions.csv")
        part = {"alder": 1, "dune": 1, "elm": 500000 / 800000}  # of the people, as regions.csv of Lantern says
        self.assertEqual({r["id"] for r in rows if r["circle"] == "twin"}, part.keys())
        base, after = (sum(part.get(r["id"], 0) * float(r[f"gdp_{c}"]) for r in rows) for c in ("base", "cf"))
        self.assertAlmostEqual(100 * (after / base - 1), self.json["circles"][0]["gdp_pct"], places=10)
        self.assertIn("wrote", done.stderr)

    def test_files(self):
        out = self.folder / "deep" / "er" / "out"
        self.assertEqual(self.ends(0, "run", TWIN, "-q", "-o", out).stderr, "")
        self.assertEqual(sorted(p.name for p in out.iterdir()), ["long.csv", "manifest.json", "map.svg", "regions.csv", "report.html", "result.json"])
        rows = table(out / "regions.csv")
        self.assertEqual(len(rows), 7)
        for row, region in zip(rows, self.json["regions"]):
            self.assertEqual(row["id"], region["id"])
            for headline in HEADLINES:
                self.assertEqual(float(row[f"{headline}_pct"]), region[f"{headline}_pct"])
                base, after = float(row[f"{headline}_base"]), float(row[f"{headline}_cf"])
                self.assertAlmostEqual(100 * (after / base - 1), region[f"{headline}_pct"], places=9)
        long = table(out / "long.csv")
        self.assertEqual(long[0].keys(), {"scenario", "region", "variable", "unit", "value"})
        self.assertEqual({r["scenario"] for r in long}, {"twin"} | {f"twin/{c['id']}" for c in self.json["changes"]})
        self.assertTrue(all(r["unit"] and r["value"] for r in long))
        manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        self.assertEqual(manifest["settings"], {"tolerance": 1e-10, "pass_limit": 2000, "starts": -1, "seed": 1, "method": "ladder"})
        self.assertTrue(all(re.fullmatch("[0-9a-f]{64}", f["sha256"]) for f in manifest["inputs"]))
        self.assertIn("twin.yaml", manifest["inputs"][-1]["path"])
        self.assertGreater(manifest["peak_memory_bytes"], 0)
        self.assertEqual(json.loads((out / "result.json").read_text(encoding="utf-8"))["regions"], self.json["regions"])

    def test_nothing_changes_nothing(self):
        answer = json.loads(self.ends(0, "run", NOTHING, "--json").stdout)
        self.assertEqual(answer["iterations"], 0)
        for row in answer["regions"] + answer["circles"]:
            for headline in HEADLINES:
                self.assertEqual(row[f"{headline}_pct"], 0)

    def test_the_same_bytes_with_any_number_of_threads(self):
        for threads in ("1", "2"):
            self.ends(0, "run", TWIN, "-q", "-j", threads, "-o", self.folder / threads)
        for name in ("regions.csv", "long.csv"):
            self.assertEqual((self.folder / "1" / name).read_bytes(), (self.folder / "2" / name).read_bytes())

    def test_chinese_stands_straight(self):
        text = self.ends(0, "run", TWIN, "--lang", "zh").stdout
        self.assertNotIn("\ufffd", text)
        blocks = text.split("\n\n")
        for heading in ("各经济圈对比", "每项变化"):
            block = next(b for b in blocks if b.startswith(heading)).splitlines()[1:]
            self.assertGreater(len(block), 2)
            self.assertEqual(len({width(line) for line in block}), 1, "\n".join(block))

    def test_english_stands_straight(self):
        block = next(b for b in self.text.stdout.split("\n\n") if b.startswith("Circles side")).splitlines()[1:]
        self.assertEqual(len({width(line) for line in block}), 1)

    def test_another_economy_and_settings(self):
        other = self.economy()
        same = json.loads(self.ends(0, "run", TWIN, "--economy", other, "--json").stdout)
        self.assertEqual(same["regions"], self.json["regions"])
        theta = json.loads(self.ends(0, "run", TWIN, "--set", "elasticities.trade_elasticity=5", "--json").stdout)
        self.assertNotEqual(theta["regions"], self.json["regions"])
        still = json.loads(self.ends(0, "run", TWIN, "--set", "model.mobility=none", "--json").stdout)
        self.assertTrue(all(abs(r["population_pct"]) < 1e-9 for r in still["regions"]))

    def test_the_tally_of_places(self):
        tally = self.json["tally"]
        welfare = [r["welfare_pct"] for r in self.json["regions"] if r["id"] != "SEA"]
        self.assertEqual(tally["threshold_pct"], 0.01)
        self.assertEqual(tally["gain"]["places"], sum(w > 0.01 for w in welfare))
        self.assertEqual(tally["lose"]["places"], sum(w < -0.01 for w in welfare))
        self.assertEqual(sum(tally[side]["places"] for side in ("gain", "lose", "same")), len(welfare))
        self.assertIn("more than 0.01 %", self.text.stdout)
        self.assertIn("next to no change", self.text.stdout)

    def test_a_change_without_effect_is_named(self):
        still = self.ends(0, "run", TWIN, "--set", "model.mobility=none").stdout
        self.assertIn('"Easier registration within the circle" has no effect here: with mobility none nobody moves', still)
        free = self.ends(0, "run", TWIN, "--set", "model.mobility=free").stdout
        self.assertIn("has no effect here: moving costs nothing in this model", free)
        self.assertEqual(still.count("has no effect"), 1)
        self.assertIn("「圈内户籍便利化」在此没有影响", self.ends(0, "run", TWIN, "--set", "model.mobility=none", "--lang", "zh").stdout)
        self.assertNotIn("has no effect", self.text.stdout)

    def test_labels(self):
        self.assertIn("of labour income per resident", self.text.stdout)
        text = self.ends(0, "run", TWIN, "--lang", "zh").stdout
        self.assertNotIn("产值 ", text.replace("生产总值", ""))
        self.assertNotIn("no theorem", text)
        self.assertIn("未能判定（尚无定理涵盖：", text)

    def test_strict_wants_uniqueness(self):
        done = self.ends(5, "run", TWIN, "--strict")
        self.assertIn("uniqueness", done.stderr)


class Failure(Case):
    def test_no_convergence_prints_no_results(self):
        out = self.folder / "out"
        self.ends(0, "run", TWIN, "-q", "-o", out)
        done = self.ends(4, "run", TWIN, "--pass-limit", "2", "-q", "-o", out)
        self.assertIn("No equilibrium was found", done.stdout)
        self.assertIn("not converged", done.stdout)
        self.assertNotIn("Who gains", done.stdout)
        self.assertEqual(sorted(p.name for p in out.iterdir()), ["manifest.json", "result.json"])  # no numbers of another run
        answer = json.loads(self.ends(4, "run", TWIN, "--pass-limit", "2", "--json").stdout)
        self.assertNotIn("regions", answer)
        self.assertFalse(answer["converged"])
        self.assertTrue(answer["certificate"]["worst"])
        self.ends(4, "solve", "--scenario", TWIN, "--pass-limit", "2")
        self.assertEqual(self.ends(4, "solve", "--scenario", TWIN, "--pass-limit", "2", "--csv").stdout, "")
        self.ends(4, "compare", NOTHING, TWIN, "--pass-limit", "2")

    def test_a_broken_economy_is_named_with_its_place(self):
        broken = self.economy(people__csv=lambda text: text.replace("alder,college,900000", "alder,college,-900000"))
        done = self.ends(3, "check", broken)
        self.assertEqual(done.stdout, "")
        self.assertIn("people.csv:2", done.stderr)

    def test_an_unknown_region_is_named(self):
        scenario = self.folder / "s.yaml"
        scenario.write_text(pathlib.Path(TWIN).read_text(encoding="utf-8").replace("{circle: twin}", "{circle: twim}"), encoding="utf-8")
        done = self.ends(3, "run", scenario, "--economy", LANTERN)
        self.assertIn("twin", done.stderr)

    def test_missing_files(self):
        self.assertIn("nowhere", self.ends(6, "check", "nowhere").stderr)
        self.ends(6, "run", self.folder / "none.yaml")
        self.ends(6, "check", self.economy(people__csv=None))

    def test_output_that_cannot_be_written(self):
        blocked = self.folder / "file"
        blocked.write_text("in the way")
        done = self.ends(6, "run", TWIN, "-o", blocked)
        self.assertEqual(done.stdout, "", "the folder is checked before the work")
        self.assertIn(str(blocked), done.stderr)
        self.ends(6, "run", TWIN, "-o", blocked / "below")
        if os.geteuid() != 0:
            closed = self.folder / "closed"
            closed.mkdir(mode=0o500)
            self.ends(6, "run", TWIN, "-o", closed)

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_a_full_disk_is_an_error(self):
        for words in (["--help"], ["run", TWIN], ["check", LANTERN, "--json"], ["version"]):
            with open("/dev/full", "w") as full:
                done = subprocess.run([PROGRAM, *words], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
            self.assertEqual(done.returncode, 6, words)
            self.assertIn("standard output", done.stderr)

    def test_a_full_disk_leaves_no_half_file(self):
        out = self.folder / "out"
        limit = f"ulimit -f 1; trap '' XFSZ; exec '{PROGRAM}' run '{TWIN}' -q -o '{out}' >/dev/null"
        done = subprocess.run(["bash", "-c", limit], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 6, done.stderr)
        for path in out.iterdir():
            self.assertFalse(path.name.endswith(".csv") and path.stat().st_size == 1024, path)
            self.assertIn(path.name, ("regions.csv", "long.csv", "map.svg", "report.html", "result.json", "manifest.json"))


class Others(Case):
    def test_check(self):
        text = self.ends(0, "check", LANTERN).stdout
        for part in ("Lantern", "imputed", "Totals against published", "Circles in the nation", "Zones", "Elasticities",
                     "What balancing changed", "worst relative residual"):
            self.assertIn(part, text)
        facts = json.loads(self.ends(0, "check", "--economy", LANTERN, "--json").stdout)
        self.assertLessEqual(facts["baseline_residual"], 1e-9)
        self.assertEqual({t["difference_pct"] for t in facts["totals"]}, {0})
        self.assertIn("Trade deficits of areas", text)
        sectors = facts["trade_between_cores"]["sectors"]
        self.assertIn("Trade between the two cores' areas", text)
        self.assertEqual(sectors[-1]["sector"], "all")
        self.assertEqual(len(facts["area_deficits"]), len({d["area"] for d in facts["area_deficits"]}))
        self.assertIn("弹性", self.ends(0, "check", LANTERN, "--lang", "zh").stdout)

    def test_calibrate(self):
        self.ends(0, "calibrate", LANTERN, "-q", "-o", self.folder)
        names = ["accounts.csv", "commuting.csv", "fundamentals.csv", "migration.csv", "trade.csv", "travel_time.csv"]
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), names)
        for name in names:
            rows = table(self.folder / name)
            self.assertEqual(len(rows) > 5, name != "commuting.csv", name)
            self.assertTrue(all(None not in row and None not in row.values() for row in rows), name)

    def test_solve(self):
        whole = json.loads(self.ends(0, "run", TWIN, "--json").stdout)
        one = json.loads(self.ends(0, "solve", "--economy", LANTERN, "--scenario", TWIN, "--json").stdout)
        for a, b in zip(whole["regions"], one["regions"]):
            for headline in HEADLINES:
                self.assertEqual(a[f"{headline}_pct"], b[f"{headline}_pct"])
        self.assertIn("converged", self.ends(0, "solve", "--scenario", TWIN).stdout)
        rows = list(csv.DictReader(io.StringIO(self.ends(0, "solve", "--scenario", TWIN, "--csv").stdout)))
        self.assertLessEqual({"gdp", "sector_output", "group_welfare", "deficit"}, {r["variable"] for r in rows})
        self.assertEqual(len({r["sector"] for r in rows if r["variable"] == "sector_output"}), 3)
        rows = list(csv.DictReader(io.StringIO(self.ends(0, "solve", "--economy", LANTERN, "--csv").stdout)))
        self.assertAlmostEqual(sum(float(r["base"]) for r in rows if r["variable"] == "population" and r["region"] != "SEA"), 8400000)
        self.assertEqual({float(r["hat"]) for r in rows if r["hat"]}, {1.0})
        base = json.loads(self.ends(0, "solve", "--economy", LANTERN, "--json").stdout)
        self.assertTrue(all(r["gdp_pct"] == 0 for r in base["regions"]))

    def rows(self, *words):
        return list(csv.DictReader(io.StringIO(self.ends(0, "solve", *words, "--csv").stdout)))

    def test_variables_are_chosen(self):
        rows = self.rows("--scenario", TWIN, "--variable", "trade,migrants,home_share")
        self.assertEqual(list(rows[0]), ["variable", "unit", "region", "partner", "sector", "group", "base", "counterfactual", "hat", "percent"])
        self.assertEqual({r["variable"] for r in rows}, {"trade", "migrants", "home_share"})
        trade = [r for r in rows if r["variable"] == "trade"]
        self.assertTrue(all(r["region"] and r["partner"] and r["sector"] and not r["group"] for r in trade))
        people = self.rows("--scenario", TWIN, "--variable", "group_population")
        for row in people:  # by destination they are the people who live there
            here = sum(float(r["counterfactual"]) for r in rows
                       if (r["variable"], r["partner"], r["group"]) == ("migrants", row["region"], row["group"]))
            self.assertAlmostEqual(here / float(row["counterfactual"]), 1, places=9)
        everything = {r["variable"] for r in self.rows("--scenario", TWIN, "--pairs")}
        self.assertLessEqual({"gdp", "trade_share", "imports"}, everything)
        self.assertNotIn("terms_of_trade", everything)
        self.assertIn("did you mean 'trade'", self.ends(2, "solve", "--scenario", TWIN, "--variable", "trad").stderr)
        answer = json.loads(self.ends(0, "solve", "--scenario", TWIN, "--variable", "trade,deficit", "--json").stdout)
        self.assertEqual(answer["variables"].keys(), {"trade", "deficit"})
        self.assertEqual(answer["variables"]["trade"]["shape"], "region,region,sector")
        axes = [len(answer["axes"][name]) for name in ("region", "region", "sector")]
        self.assertEqual(len(answer["variables"]["trade"]["base"]), axes[0] * axes[1] * axes[2])
        self.assertEqual(len(answer["regions"]), 7)
        self.assertIn("home_share", self.ends(0, "solve", "--scenario", TWIN, "--variable", "home_share").stdout)
        self.assertEqual(self.ends(4, "solve", "--scenario", TWIN, "--variable", "trade", "--pass-limit", "2", "--csv").stdout, "")

    def test_welfare_is_taken_apart(self):
        rows = self.rows("--scenario", TWIN, "--decompose")
        value = {(r["variable"], r["region"], r["partner"], r["sector"], r["group"]): float(r["percent"]) for r in rows}
        for region in {r["region"] for r in rows}:
            parts = [value[name, region, "", "", ""] for name in ("terms_of_trade", "volume_of_trade", "trade_cost_saving")]
            self.assertAlmostEqual(sum(parts), value["welfare_trade", region, "", "", ""], places=12)
            for group in ("college", "others"):
                parts = [v for k, v in value.items() if k[0].startswith("utility_") and k[0] != "utility_total" and (k[1], k[4]) == (region, group)]
                self.assertEqual(len(parts), 6)
                self.assertAlmostEqual(sum(parts), value["utility_total", region, "", "", group], places=10)
        text = self.ends(0, "solve", "--scenario", TWIN, "--decompose").stdout
        for word in ("terms_of_trade", "congestion", "moving", "alder"):
            self.assertIn(word, text)
        self.assertIn("贸易", self.ends(0, "solve", "--scenario", TWIN, "--decompose", "--lang", "zh").stdout)
        answer = json.loads(self.ends(0, "solve", "--economy", LANTERN, "--decompose", "--json").stdout)
        self.assertTrue(all(v == 0 for part in answer["variables"].values() for v in part["percent"]))

    def test_values_from_a_table(self):
        costs = self.folder / "costs.csv"
        costs.write_text("origin,destination,sector,hat\nalder,dune,goods,0.9\ndune,alder,goods,0.9\n", encoding="utf-8")
        scenario = self.folder / "s.yaml"
        head = f"format: bashu-scenario/1\nname: t\neconomy: {LANTERN}\nchanges:\n  - id: a\n    title: A\n    source: s\n    lever: trade_cost\n"
        scenario.write_text(head + "    table: costs.csv\n", encoding="utf-8")
        by_table = json.loads(self.ends(0, "run", scenario, "--json").stdout)
        out = self.folder / "out"
        self.assertIn("costs.csv", self.ends(0, "run", scenario, "-o", out).stdout)
        last = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["inputs"][-1]
        self.assertTrue(last["path"].endswith("costs.csv"))
        self.assertEqual(last["sha256"], hashlib.sha256(costs.read_bytes()).hexdigest())
        scenario.write_text(head + "    between: [alder, dune]\n    sectors: [goods]\n    hat: 0.9\n", encoding="utf-8")
        by_hat = json.loads(self.ends(0, "run", scenario, "--json").stdout)
        self.assertEqual(by_table["regions"], by_hat["regions"])
        self.assertEqual((by_hat["changes"][0]["hat"], by_hat["changes"][0]["unit"]), (0.9, "factor"))
        self.assertTrue(by_table["changes"][0]["table"].endswith("costs.csv"))
        self.assertIn("x 0.9", self.ends(0, "run", scenario).stdout)

    def test_a_model_file_replaces_elasticities(self):
        model = self.folder / "model.yaml"
        model.write_text("format: bashu-model/1\ntitle: {en: still, zh: 静止}\nmodel:\n  mobility: none\n", encoding="utf-8")
        answer = json.loads(self.ends(0, "solve", "--scenario", TWIN, "--model", model, "--json").stdout)
        self.assertTrue(all(abs(r["population_pct"]) < 1e-9 for r in answer["regions"]))

    def test_compare(self):
        text = self.ends(0, "compare", NOTHING, TWIN).stdout
        self.assertIn("B - A", text)
        answer = json.loads(self.ends(0, "compare", NOTHING, TWIN, "--json").stdout)
        self.assertEqual({r["a"]["gdp_pct"] for r in answer["regions"]}, {0})
        rows = list(csv.DictReader(io.StringIO(self.ends(0, "compare", TWIN, TWIN, "--csv").stdout)))
        self.assertEqual({float(r["gdp_difference_pct"]) for r in rows}, {0})
        other = self.folder / "other.yaml"
        other.write_text(pathlib.Path(NOTHING).read_text(encoding="utf-8").replace("../../economies/lantern", str(self.economy())),
                         encoding="utf-8")
        self.ends(2, "compare", other, TWIN)
        other.write_text(pathlib.Path(NOTHING).read_text(encoding="utf-8").replace("../../economies/lantern", LANTERN + "/../lantern"),
                         encoding="utf-8")
        self.ends(0, "compare", other, TWIN)  # one folder, written in two ways

    def test_a_baseline_without_scenario_shows_zeros(self):
        text = self.ends(0, "solve", "--economy", LANTERN).stdout
        self.assertNotIn("0.00000", text)
        self.assertRegex(text, r"\n  gdp +0 +0 +0\n")

    def test_doctor(self):
        self.assertIn("Everything works", self.ends(0, "doctor").stdout)
        answer = json.loads(self.ends(0, "doctor", "--json").stdout)
        self.assertTrue(answer["self_test"]["passed"])
        self.assertEqual([p for p in os.listdir(tempfile.gettempdir()) if p.startswith("bashu-doctor")], [])
        self.ends(6, "doctor", environment={"TMPDIR": "/nonexistent"})

    def test_bench(self):
        answer = json.loads(self.ends(0, "bench", "static", TWIN, "--repeats", "2", "--json").stdout)
        self.assertIn("machine", answer)
        for row in answer["rows"]:
            self.assertEqual(row.keys(), {"work", "measure", "value", "low", "high", "goal", "met"})
            self.assertLessEqual(row["low"], row["high"])
        self.assertIn("passes", self.ends(0, "bench", "static", TWIN, "--repeats", "1").stdout)


class Terminal(Case):
    def on_terminal(self, *words, **environment):
        """Both streams on a pseudo-terminal; gives what was shown."""
        keeper, side = pty.openpty()
        known = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TERM": "xterm", **environment}
        child = subprocess.Popen([PROGRAM, *words], stdout=side, stderr=side, stdin=subprocess.DEVNULL, env=known)
        os.close(side)
        shown = b""
        while select.select([keeper], [], [], 60)[0]:
            try:
                piece = os.read(keeper, 65536)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        os.close(keeper)
        return child.wait(), shown.decode()

    def test_headings_stand_out_unless_declined(self):
        self.assertIn("\033[1m", self.on_terminal("run", TWIN)[1])
        self.assertNotIn("\033", self.on_terminal("run", TWIN, NO_COLOR="1")[1])
        self.assertNotIn("\033", self.on_terminal("run", TWIN, TERM="dumb")[1])
        for words in (["run", "--json", TWIN], ["solve", "--csv", "--scenario", TWIN], ["compare", "--csv", TWIN, NOTHING]):
            self.assertNotIn("\033", self.on_terminal(*words)[1])

    def test_errors_stand_out_unless_declined(self):
        code, shown = self.on_terminal("chek")
        self.assertEqual(code, 2)
        self.assertIn("\033[1;31m", shown)
        self.assertNotIn("\033", self.on_terminal("chek", NO_COLOR="1")[1])

    def test_an_interrupt_ends_with_130(self):
        child = subprocess.Popen([PROGRAM, "bench", "static", TWIN, "--repeats", "1000"], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True, env={"LC_ALL": "C"})
        time.sleep(0.5)
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=30)
        self.assertEqual(child.returncode, 130)


class Gravity(Case):
    SPEC = ROOT / "examples" / "gravity.yaml"

    def test_text_and_chinese(self):
        self.assertIn("log(distance)", self.ends(0, "gravity", self.SPEC).stdout)
        self.assertIn("多边阻力", self.ends(0, "gravity", self.SPEC, "--lang", "zh").stdout)

    def test_json_csv_and_files_agree(self):
        answer = json.loads(self.ends(0, "gravity", self.SPEC, "--json", "-q", "-o", self.folder / "out").stdout)
        rows = list(csv.DictReader(io.StringIO(self.ends(0, "gravity", self.SPEC, "--csv").stdout)))
        written = table(self.folder / "out" / "coefficients.csv")
        self.assertEqual(rows, written)
        self.assertEqual([row["name"] for row in rows], ["log(distance)", "border", "agreement"])
        for row, entry, line in zip(rows, answer["coefficients"], answer["covariance"]):
            self.assertEqual(float(row["estimate"]), entry["estimate"])
            self.assertAlmostEqual(float(row["standard_error"]) ** 2, line[answer["coefficients"].index(entry)], 15)
        self.assertEqual(answer["rows"]["observations"] + answer["rows"]["filtered"], answer["rows"]["read"])
        self.assertLess(answer["fit"]["score"], 1e-10)
        self.assertEqual(sorted(path.name for path in (self.folder / "out").iterdir()),
                         ["coefficients.csv", "covariance.csv", "fixed_effects.csv", "gravity.json", "multilateral_resistance.csv"])
        places = {row["place"]: row for row in table(self.folder / "out" / "multilateral_resistance.csv")}
        self.assertEqual(float(places["alder"]["inward"]), 1)
        self.assertEqual(len(places), 5)

    def test_bad_specification_and_no_convergence(self):
        spec = self.folder / "g.yaml"
        spec.write_text("format: bashu-gravity/1\ndata: none.csv\noutcome: x\n", encoding="utf-8")
        self.assertIn("none.csv", self.ends(6, "gravity", spec).stderr)
        self.ends(4, "gravity", self.SPEC, "--pass-limit", "3")


class Explain(Case):
    def rows(self, *words):
        return list(csv.DictReader(io.StringIO(self.ends(0, "explain", *words, "--csv").stdout)))

    def test_gradient_in_words_json_csv_and_files(self):
        words = ("explain", "--gradient", "gdp:circle=twin", "--economy", LANTERN)
        text = self.ends(0, *words, "--lang", "en").stdout
        self.assertIn("What moves real GDP, Alder-Dune Twin Circle", text)
        self.assertIn("Alder, bought by Dune", text)
        chinese = self.ends(0, *words, "--lang", "zh").stdout
        self.assertIn("贸易成本，全部行业", chinese)
        self.assertNotRegex(chinese, "bought by")
        answer = json.loads(self.ends(0, *words, "--json", "-q", "-o", self.folder / "out").stdout)
        self.assertLess(answer["certificate"]["residual"], 1e-11)
        rows = self.rows(*words[1:])
        self.assertEqual({row["lever"] for row in rows}, set(answer["levers"]))
        self.assertNotIn("commuting_cost", answer["levers"])
        for lever, entry in answer["levers"].items():
            mine = [row for row in rows if row["lever"] == lever]
            self.assertEqual(table(self.folder / "out" / f"gradient_{lever}.csv"), mine)
            others = [abs(float(row["value"])) for row in mine if row["region"] != row["partner"] or not row["region"]]
            self.assertEqual(abs(entry["strongest"][0]["value"]), max(others))
            self.assertEqual([abs(e["value"]) for e in entry["strongest"]], sorted((abs(e["value"]) for e in entry["strongest"]), reverse=True))
        signs = {(row["lever"], row["region"], row["sector"]): float(row["value"]) for row in rows if row["lever"] in ("productivity", "land")}
        self.assertTrue(all(value > 0 for (lever, region, _), value in signs.items() if region in ("alder", "dune")))
        links = {row["link"]: float(row["value"]) for row in rows if row["lever"] == "link_minute"}
        self.assertLess(links["rail-alder-dune-hs"], 0)
        elastic = {row["link"]: float(row["value"]) for row in rows if row["lever"] == "link_time"}
        self.assertAlmostEqual(elastic["rail-alder-dune-hs"], links["rail-alder-dune-hs"] * 95 / 100, 12)

    def test_some_levers(self):
        words = ("--gradient", "gdp", "--economy", LANTERN)
        everything = self.rows(*words)
        some = self.rows(*words, "--lever", "land,link_minute")
        self.assertEqual(some, [row for row in everything if row["lever"] in ("land", "link_minute")])
        self.ends(0, "explain", *words, "-q", "-o", self.folder / "out", "--lever", "land")
        self.assertEqual([path.name for path in (self.folder / "out").iterdir()], ["gradient_land.csv"])
        self.assertIn("did you mean 'land'", self.ends(2, "explain", *words, "--lever", "lnad").stderr)

    def test_gradient_says_what_a_small_change_does(self):
        scenario = self.folder / "small.yaml"
        scenario.write_text("format: bashu-scenario/1\nname: small\ntitle: small\neconomy: none\nchanges:\n- {id: a, title: a, lever: productivity, "
                            "regions: [brook], change_pct: 0.01, assumption: test}\n", encoding="utf-8")
        gradient = sum(float(row["value"]) for row in self.rows("--gradient", "welfare:region=alder", "--economy", LANTERN)
                       if row["lever"] == "productivity" and row["region"] == "brook")
        solved = self.ends(0, "solve", "--economy", LANTERN, "--scenario", scenario, "--csv", "--tolerance", "1e-12").stdout
        exact = [float(row["percent"]) for row in csv.DictReader(io.StringIO(solved)) if row["variable"] == "welfare" and row["region"] == "alder"]
        self.assertAlmostEqual(exact[0] / 0.01, gradient, delta=1e-4 * abs(gradient) + 1e-6)

    def test_exposure(self):
        words = ("explain", "--exposure", "--economy", LANTERN)
        self.assertIn("friends", self.ends(0, *words, "--lang", "en").stdout)
        self.assertIn("友与敌", self.ends(0, *words, "--lang", "zh").stdout)
        answer = json.loads(self.ends(0, *words, "--json").stdout)
        rows = self.rows(*words[1:])
        self.assertEqual(len(rows), 49)
        self.assertEqual([float(row["percent_per_percent"]) for row in rows], [value for line in answer["values"] for value in line])
        self.assertEqual(answer["variable"], "real_wage")
        other = json.loads(self.ends(0, *words, "--json", "--variable", "gdp").stdout)
        self.assertNotEqual(other["values"], answer["values"])
        self.assertTrue(all(other["values"][n][n] > 0.5 for n in range(7)))

    def test_scenario(self):
        text = self.ends(0, "explain", TWIN, "--linear", "--lang", "en").stdout
        self.assertIn("The linear answer beside the exact one", text)
        self.assertIn("线性答案", self.ends(0, "explain", TWIN, "--linear", "--lang", "zh").stdout)
        rows = self.rows(TWIN, "--linear")
        answer = json.loads(self.ends(0, "explain", TWIN, "--linear", "--json").stdout)
        gdp = {row["region"]: row for row in rows if row["variable"] == "gdp"}
        for region in answer["regions"]:
            self.assertEqual(float(gdp[region["id"]]["exact_pct"]), region["gdp_pct"])
            self.assertEqual(float(gdp[region["id"]]["linear_pct"]), region["gdp_linear_pct"])
        most = max(abs(float(row["exact_pct"])) for row in gdp.values())
        self.assertGreater(most, 0.01)
        self.assertLess(max(abs(float(row["difference_pct"])) for row in gdp.values()), 0.25 * most)

    def test_bad_questions(self):
        self.ends(2, "explain")
        self.ends(2, "explain", "--gradient", "gdp")
        self.ends(2, "explain", "--gradient", "gdp", "--exposure", "--economy", LANTERN)
        self.ends(2, "explain", TWIN)
        self.ends(2, "explain", "--linear", "--economy", LANTERN)
        for wrong in ("", ":circle=twin", "gdp:", "gdp:circle", "gdp:circle=", "gdp:all=x"):
            self.ends(2, "explain", "--gradient", wrong, "--economy", LANTERN)
        self.assertIn("did you mean 'gdp'", self.ends(2, "explain", "--gradient", "gpd", "--economy", LANTERN).stderr)
        self.assertIn("did you mean 'twin'", self.ends(2, "explain", "--gradient", "gdp:circle=twni", "--economy", LANTERN).stderr)
        self.assertIn("did you mean 'circle'", self.ends(2, "explain", "--gradient", "gdp:cirlce=twin", "--economy", LANTERN).stderr)
        self.assertIn("did you mean", self.ends(2, "explain", "--gradient", "gdp:region=aldre", "--economy", LANTERN).stderr)
        self.ends(6, "explain", "--exposure", "--economy", self.folder / "none")


class Sweep(Case):
    RAILWAY = str(ROOT / "examples" / "lantern_railway.yaml")

    def test_words_json_csv_and_files_agree(self):
        words = ("sweep", self.RAILWAY, "--draws", "12", "--seed", "3")
        text = self.ends(0, *words, "--lang", "en").stdout
        self.assertIn("12 draws of the 2 of 2 changes that state a range (triangular), seed 3", text)
        self.assertIn("gdp:circle=twin", text)
        chinese = self.ends(0, *words, "--lang", "zh").stdout
        self.assertIn("12 次抽样", chinese)
        self.assertNotIn("draws", chinese)
        answer = json.loads(self.ends(0, *words, "--json", "-q", "-o", self.folder / "out").stdout)
        rows = list(csv.DictReader(io.StringIO(self.ends(0, *words, "--csv").stdout)))
        self.assertEqual(rows, table(self.folder / "out" / "draws.csv"))
        written = json.loads((self.folder / "out" / "sweep.json").read_text(encoding="utf-8"))
        written.pop("time"), answer.pop("time")
        self.assertEqual(written, answer)
        self.assertEqual(len(rows), 12)
        for outcome in answer["outcomes"]:
            percents = sorted(float(row[outcome["outcome"] + "_pct"]) for row in rows)
            self.assertEqual(outcome["count"], 12)
            self.assertAlmostEqual(outcome["mean"], sum(percents) / 12, 12)
            self.assertAlmostEqual(outcome["q50"], (percents[5] + percents[6]) / 2, 12)
            self.assertEqual(outcome["above_zero"], sum(p > 0 for p in percents) / 12)
        self.assertTrue(all(60 <= float(row["faster_line"]) <= 80 and -5 <= float(row["border"]) <= -1 for row in rows))
        self.assertLess(answer["certificate"]["residual"], 1e-10)
        self.assertEqual((answer["settings"]["seed"], answer["settings"]["starts"]), (3, 0))

    def test_threads_and_seeds(self):
        words = ("sweep", self.RAILWAY, "--draws", "9", "--csv")
        first = self.ends(0, *words, "-j", "1").stdout
        self.assertEqual(first, self.ends(0, *words, "-j", "2").stdout)
        self.assertNotEqual(first, self.ends(0, *words, "--seed", "2").stdout)
        head = self.ends(0, *words, "--distribution", "uniform", "--outcome", "welfare:region=brook").stdout
        self.assertTrue(head.startswith("draw,faster_line,border,welfare:region=brook_pct,reason"))

    def test_draws_without_equilibrium_are_counted_and_left_out(self):
        done = self.ends(4, "sweep", self.RAILWAY, "--draws", "4", "--pass-limit", "2", "--lang", "en")
        self.assertIn("4 draws have no equilibrium", done.stdout)
        self.assertIn("no draw has an equilibrium", done.stderr)
        answer = json.loads(self.ends(4, "sweep", self.RAILWAY, "--draws", "4", "--pass-limit", "2", "--json").stdout)
        self.assertTrue(all(o["count"] == 0 and o["mean"] is None for o in answer["outcomes"]))

    def test_bad_questions(self):
        certain = self.folder / "certain.yaml"
        certain.write_text("format: bashu-scenario/1\nname: certain\ntitle: certain\neconomy: none\nchanges:\n- {id: a, title: a, lever: productivity, "
                           "regions: [brook], change_pct: 1, assumption: test}\n", encoding="utf-8")
        self.assertIn("'low' and 'high'", self.ends(3, "sweep", certain, "--economy", LANTERN).stderr)
        self.assertIn("did you mean 'welfare'", self.ends(2, "sweep", self.RAILWAY, "--outcome", "wlefare").stderr)
        self.assertIn("did you mean 'twin'", self.ends(2, "sweep", self.RAILWAY, "--outcome", "gdp:circle=twni").stderr)
        self.assertIn("triangular or uniform", self.ends(2, "sweep", self.RAILWAY, "--distribution", "normal", "--lang", "en").stderr)
        self.ends(2, "sweep", self.RAILWAY, "--draws", "0")
        self.ends(2, "sweep", self.RAILWAY, "--draws", "many")
        self.ends(2, "sweep")
        self.ends(6, "sweep", self.folder / "none.yaml")


if __name__ == "__main__":
    unittest.main(argv=["test_cli.py", *sys.argv[3:]], verbosity=1)
