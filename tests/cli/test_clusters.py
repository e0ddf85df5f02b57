"""bashu clusters from outside, and its spatial statistics against a second computation from the tables that other commands print.

Usage: test_clusters.py PROGRAM SOURCE_ROOT. Only the standard library."""
import csv
import io
import itertools
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
ROOT = pathlib.Path(sys.argv[2])
LANTERN = str(ROOT / "economies" / "lantern")
SECTORS = ["food", "goods", "services"]
HOME = ["alder", "brook", "cinder", "dune", "elm", "fern"]


def bashu(*words):
    known = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TMPDIR": tempfile.gettempdir()}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH"):
        if name in os.environ:
            known[name] = os.environ[name]
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, env=known, timeout=120, cwd=ROOT)


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


def width(text):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bashu-clusters-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def ends(self, code, *words):
        done = bashu(*words)
        self.assertEqual(done.returncode, code, f"{words}\n{done.stdout}\n{done.stderr}")
        return done

    def lantern(self, *words):
        return self.ends(0, "clusters", "--economy", LANTERN, *words)


class Statistics(Case):
    """Lantern again, from the travel times and accounts that `calibrate` writes."""

    def setUp(self):
        super().setUp()
        self.ends(0, "calibrate", LANTERN, "-o", self.folder, "-q")
        hours = {(r["origin"], r["destination"]): float(r["time_h"]) for r in table((self.folder / "travel_time.csv").read_text())
                 if r["class"] == "passenger"}
        self.hours = {(a, b): (hours[a, b] + hours[b, a]) / 2 for a in HOME for b in HOME}

    def weights(self, nearest=None, within=None):
        rows = {}
        for a in HOME:
            others = sorted((self.hours[a, b], HOME.index(b), b) for b in HOME if b != a)
            near = {b: 1.0 for _, _, b in others[:nearest]} if nearest else {b: 1 / h for h, _, b in others if h <= within}
            total = sum(near.values())
            rows[a] = {b: x / total for b, x in near.items()}
        return rows

    def compare(self, rows, *words):
        places = table(self.lantern("--csv", "--permutations", "20000", *words).stdout)
        self.assertEqual(len(places), len(SECTORS) * len(HOME))
        self.lantern("-o", self.folder / "out", "-q", "--permutations", "20000", *words)
        sectors = {r["sector"]: r for r in table((self.folder / "out" / "sectors.csv").read_text())}
        value = {(r["sector"], r["region"]): float(r["value_added"]) for r in places}
        whole = {n: sum(value[j, n] for j in SECTORS) for n in HOME}
        for j in SECTORS:
            total = sum(value[j, n] for n in HOME)
            quotient = {n: value[j, n] / whole[n] / (total / sum(whole.values())) for n in HOME}
            mean = sum(quotient.values()) / len(HOME)
            z = {n: quotient[n] - mean for n in HOME}
            spread = sum(x * x for x in z.values()) / len(HOME)
            lag = {n: sum(x * z[b] for b, x in rows[n].items()) for n in HOME}
            weight = sum(sum(row.values()) for row in rows.values())
            moran = len(HOME) / weight * sum(z[n] * lag[n] for n in HOME) / sum(x * x for x in z.values())
            self.assertAlmostEqual(float(sectors[j]["moran"]), moran, 9)
            self.assertAlmostEqual(float(sectors[j]["moran_expected"]), -1 / (len(HOME) - 1), 12)
            self.assertAlmostEqual(float(sectors[j]["moran_variance"]), self.variance(rows, z, moran), 9)
            for row in places:
                if row["sector"] != j:
                    continue
                n = row["region"]
                self.assertAlmostEqual(float(row["location_quotient"]), quotient[n], 9)
                self.assertAlmostEqual(float(row["local_moran"]), z[n] * lag[n] / spread, 8)
                self.assertAlmostEqual(float(row["lag_z"]), lag[n] / math.sqrt(spread), 8)
                self.assertLess(abs(float(row["p"]) - self.p(rows[n], n, z, lag[n])), 0.03, (j, n))

    def variance(self, rows, z, moran):
        """Over all 720 orders of the values: no formula."""
        weight, squares, found = sum(sum(row.values()) for row in rows.values()), sum(x * x for x in z.values()), []
        for order in itertools.permutations(z.values()):
            at = dict(zip(HOME, order))
            found.append(len(HOME) / weight * sum(at[a] * x * at[b] for a in HOME for b, x in rows[a].items()) / squares)
        mean = sum(found) / len(found)
        self.assertAlmostEqual(mean, -1 / (len(HOME) - 1), 9)
        return sum((x - mean) ** 2 for x in found) / len(found)

    def p(self, row, here, z, lag):
        """Two-sided, over every way to draw the neighbours' values from the other places."""
        draws = [sum(x * z[b] for x, b in zip(row.values(), drawn)) for drawn in itertools.permutations([n for n in HOME if n != here], len(row))]
        large = sum(x >= lag - 1e-10 for x in draws) / len(draws)
        small = sum(x <= lag + 1e-10 for x in draws) / len(draws)
        return min(1, 2 * min(large, small))

    def test_nearest(self):
        self.compare(self.weights(nearest=2), "--neighbours", "2")

    def test_within(self):
        self.compare(self.weights(within=4), "--within", "4")

    def test_quotients_weigh_to_one(self):
        places = table(self.lantern("--csv").stdout)
        whole = {n: sum(float(r["value_added"]) for r in places if r["region"] == n) for n in HOME}
        for j in SECTORS:
            self.assertAlmostEqual(sum(float(r["location_quotient"]) * whole[r["region"]] for r in places if r["sector"] == j) / sum(whole.values()), 1, 12)
            self.assertAlmostEqual(sum(float(r["share_of_nation"]) for r in places if r["sector"] == j), 1, 12)


class Reports(Case):
    def test_text_json_csv_and_files_agree(self):
        words = ("--benchmark", "province=north", "--permutations", "99")
        text = self.lantern(*words).stdout
        page = json.loads(self.lantern(*words, "--json").stdout)
        self.lantern(*words, "-q", "-o", self.folder)
        self.assertEqual(page["circle"], "twin")
        self.assertEqual(page["benchmark"], "north")
        self.assertEqual(page["settings"]["neighbours"], 2)
        self.assertEqual((self.folder / "places.csv").read_text(), self.lantern(*words, "--csv").stdout)
        again = json.loads((self.folder / "clusters.json").read_text())
        self.assertEqual({**page, "time": 0}, {**again, "time": 0})
        gaps = table((self.folder / "gap.csv").read_text())
        self.assertEqual([g["sector"] for g in gaps], [g["sector"] for g in page["gap"]])
        self.assertEqual(sorted((float(g["gap"]) for g in gaps), reverse=True), [float(g["gap"]) for g in gaps])
        for row, gap in zip(gaps, page["gap"]):
            self.assertEqual(float(row["circle_location_quotient"]), gap["circle"]["location_quotient"])
            self.assertIn(f"{gap['circle']['location_quotient']:.2f}", text)
        self.assertEqual({"clusters.csv", "clusters.json", "gap.csv", "places.csv", "sectors.csv"}, {p.name for p in self.folder.iterdir()})

    def test_one_sector(self):
        text = self.lantern("--sector", "goods").stdout
        self.assertIn("Largest places of: Goods", text)
        self.assertNotIn("Services", text)
        self.assertEqual({r["sector"] for r in table(self.lantern("--sector", "goods", "--csv").stdout)}, {"goods"})

    def test_tables_stand_straight_in_both_languages(self):
        for language in ("en", "zh"):
            lines = self.lantern("--benchmark", "province=north", "--lang", language).stdout.splitlines()
            start = next(k for k, line in enumerate(lines) if line.startswith(("Gap", "差距")))
            self.assertEqual(len({width(line) for line in lines[start + 1:start + 5]}), 1, lines[start + 1:start + 5])

    def test_the_same_with_any_number_of_threads_and_another_seed(self):
        one, three = (self.lantern("--csv", "-j", n).stdout for n in (1, 3))
        self.assertEqual(one, three)
        self.assertNotEqual(one, self.lantern("--csv", "--seed", "2").stdout)

    def test_plants(self):
        path = self.folder / "plants.csv"
        path.write_text("sector,herfindahl\ngoods,0.001\n")
        sectors = {s["sector"]: s for s in json.loads(self.lantern("--plants", path, "--json").stdout)["sectors"]}
        goods = sectors["goods"]
        self.assertAlmostEqual(goods["ellison_glaeser_gamma"], (goods["ellison_glaeser_bound"] - 0.001) / 0.999, 14)
        self.assertIsNone(sectors["food"]["ellison_glaeser_gamma"])
        path.write_text("sector,herfindahl\ngoods,2\n")
        self.assertIn("plants.csv:2", self.ends(3, "clusters", "--economy", LANTERN, "--plants", path).stderr)


class Take(Case):
    WORDS = ("--sector", "goods", "--benchmark", "all", "--range=-50,100")

    def take(self, *words):
        return json.loads(self.lantern(*self.WORDS, *words, "--json").stdout)

    def test_a_lever_is_found_and_met(self):
        page = self.take("--take", "productivity")
        (answer,) = page["levers"]
        self.assertEqual(answer["end"], "found")
        self.assertLess(abs(answer["measure"] / answer["target"] - 1), 1e-8)
        self.assertLess(answer["residual_most"], 1e-10)
        self.assertAlmostEqual(answer["change_pct"], 100 * (answer["hat"] - 1), 10)
        scenario = self.folder / "s.yaml"
        scenario.write_text("format: bashu-scenario/1\nname: s\neconomy: x\nchanges:\n  - {id: c, title: {en: c, zh: c}, lever: productivity, "
                            f"regions: {{circle: twin}}, sectors: [goods], hat: {answer['hat']!r}, assumption: test}}\n")
        run = json.loads(self.ends(0, "run", scenario, "--economy", LANTERN, "--json", "--starts", "0").stdout)
        circle = next(c for c in run["circles"] if c["id"] == "twin")
        self.assertAlmostEqual(circle["gdp_pct"], answer["gdp_pct"], 6)
        self.assertAlmostEqual(circle["welfare_pct"], answer["welfare_pct"], 6)

    def test_all_levers_in_words_csv_and_files(self):
        page = self.take("--take", "all")
        self.assertEqual([a["lever"] for a in page["levers"]], ["productivity", "trade_cost", "land", "research"])
        rows = table(self.lantern(*self.WORDS, "--take", "all", "--csv").stdout)
        self.lantern(*self.WORDS, "--take", "all", "-q", "-o", self.folder)
        self.assertEqual(table((self.folder / "attain.csv").read_text()), rows)
        for language, head in (("en", "What it would take"), ("zh", "需要什么")):
            text = self.lantern(*self.WORDS, "--take", "all", "--lang", language).stdout
            self.assertIn(head, text)
            for row, answer in zip(rows, page["levers"]):
                self.assertEqual(row["end"], answer["end"])
                self.assertIn(row["lever"], text)
                if answer["end"] == "found":
                    self.assertIn(f"{answer['change_pct']:+.2f} %", text)

    def test_threads_and_measure(self):
        a, b = (self.take("--take", "land,research", "-j", n)["levers"] for n in (1, 2))
        self.assertEqual(a, b)
        share = self.take("--take", "productivity", "--measure", "share", "--circle", "province=south", "--benchmark", "province=north")
        self.assertEqual(share["measure"], "share")
        self.assertTrue(0 < share["present"] < 1)

    def test_no_equilibrium_is_no_answer(self):
        done = self.ends(4, "clusters", "--economy", LANTERN, *self.WORDS, "--take", "land", "--pass-limit", "1", "--json")
        (answer,) = json.loads(done.stdout)["levers"]
        self.assertEqual(answer["end"], "unsolved")
        self.assertIsNone(answer["change_pct"])
        self.assertIsNone(answer["gdp_pct"])


class Usage(Case):
    def test_wrong_use(self):
        for words, said in ((("--take", "all"), "--sector"), (("--held",), "--take"), (("--range", "1,2"), "--take"),
                            (("--sector", "goods", "--take", "all", "--range", "5"), "LOW,HIGH"), (("--rate", "2"), "between 0 and 1"),
                            (("--neighbours", "0"), "whole number"), (("--within", "0"), "above 0"), (("--sectr", "goods"), "--sector"),
                            (("--sector", "goodz"), "did you mean 'goods'"), (("--circle", "twinn"), "did you mean 'twin'"),
                            (("--sector", "goods", "--take", "lend"), "did you mean 'land'")):
            self.assertIn(said, self.ends(2, "clusters", "--economy", LANTERN, *words).stderr)
        self.ends(6, "clusters", "--economy", self.folder / "nowhere")

    def test_help(self):
        for language in ("en", "zh"):
            text = self.ends(0, "help", "clusters", "--lang", language).stdout
            for flag in ("--sector", "--take", "--permutations", "--neighbours"):
                self.assertIn(flag, text)
        self.assertIn("\n  clusters ", self.ends(0, "--help").stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
