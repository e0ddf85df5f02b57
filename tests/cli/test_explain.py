"""bashu explain --by and bashu cooperate from outside. Usage: test_explain.py PROGRAM SOURCE_ROOT."""
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
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
ROOT = pathlib.Path(sys.argv[2])
GAME = str(ROOT / "tests" / "cli" / "game.yaml")
RAILWAY = str(ROOT / "examples" / "lantern_railway.yaml")
NOTHING = str(ROOT / "tests" / "cli" / "nothing.yaml")


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bashu-explain-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def ends(self, code, *words):
        known = {k: v for k, v in os.environ.items() if k in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH")}
        done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, env={**known, "LC_ALL": "C"}, timeout=120)
        self.assertEqual(done.returncode, code, f"{words}\n{done.stdout}\n{done.stderr}")
        return done

    def json(self, *words):
        return json.loads(self.ends(0, *words, "--json").stdout)

    def rows(self, *words):
        return list(csv.DictReader(io.StringIO(self.ends(0, *words, "--csv").stdout)))

    def percent(self, scenario, variable, region):
        rows = csv.DictReader(io.StringIO(self.ends(0, "solve", "--economy", ROOT / "economies" / "lantern", "--scenario", scenario, "--csv").stdout))
        return next(float(r["percent"]) for r in rows if r["variable"] == variable and r["region"] == region)


class By(Case):
    def test_every_way_in_words_json_and_csv(self):
        for way, english, chinese in (("change", "its part", "贡献"), ("channel", "most of it in", "主要来自"), ("partner", "price of its goods", "其产品价格"),
                                      ("place", "gains most", "得益最多")):
            self.assertIn(english, self.ends(0, "explain", RAILWAY, "--by", way, "--lang", "en").stdout)
            self.assertIn(chinese, self.ends(0, "explain", RAILWAY, "--by", way, "--lang", "zh").stdout)
            rows = self.rows("explain", RAILWAY, "--by", way)
            self.ends(0, "explain", RAILWAY, "--by", way, "-o", self.folder / "out", "-q")
            with open(self.folder / "out" / f"by_{way}.csv", encoding="utf-8", newline="") as file:
                self.assertEqual(list(csv.DictReader(file)), rows)

    def test_parts_add_up_to_what_solve_says(self):
        gdp = self.percent(RAILWAY, "gdp", "dune")
        asked = ("--outcome", "gdp:region=dune")
        changes = self.json("explain", RAILWAY, "--by", "change", *asked)
        self.assertAlmostEqual(sum(c["shapley"] for c in changes["changes"]), gdp, 7)
        self.assertLess(changes["certificate"]["residual"], 1e-10)
        channels = self.json("explain", RAILWAY, "--by", "channel", *asked)
        self.assertAlmostEqual(sum(c["points"] for c in channels["channels"]), gdp, 7)
        for channel in channels["channels"]:
            self.assertAlmostEqual(sum(channel["by_region"].values()), channel["points"], 12)
        partners = self.json("explain", RAILWAY, "--by", "partner", *asked)
        self.assertAlmostEqual(sum(p["price"] + p["sales"] for p in partners["partners"]), gdp, 7)
        self.assertAlmostEqual(sum(float(r["points"]) for r in self.rows("explain", RAILWAY, "--by", "channel", *asked)), gdp, 7)

    def test_places(self):
        answer = self.json("explain", RAILWAY, "--by", "place")
        percents = [p["percent"] for p in answer["places"]]
        self.assertEqual(percents, sorted(percents, reverse=True))
        self.assertEqual(len(percents), 6)
        self.assertAlmostEqual(answer["places"][0]["percent"], self.percent(RAILWAY, "welfare", answer["places"][0]["region"]), 9)
        for key in ("province", "circle", "size", "gdp_per_head"):
            for row in answer[key]:
                self.assertLessEqual(row["gain"] + row["lose"], row["places"])
        people = sum(p["people"] for p in answer["places"])
        self.assertAlmostEqual(sum(r["people"] for r in answer["size"]), people, 3)
        self.assertAlmostEqual(sum(r["people"] * r["mean_pct"] for r in answer["size"]), sum(p["people"] * p["percent"] for p in answer["places"]), 3)
        twin = self.json("explain", RAILWAY, "--by", "place", "--outcome", "gdp:circle=twin")
        self.assertTrue({p["region"] for p in twin["places"]} < {p["region"] for p in answer["places"]})

    def test_nothing_is_exactly_nothing(self):
        for way in ("channel", "partner", "place"):
            for row in self.rows("explain", NOTHING, "--by", way, "--economy", ROOT / "economies" / "lantern"):
                for key in ("points", "price", "sales", "life", "percent"):
                    self.assertEqual(float(row.get(key, 0)), 0)

    def test_bad_questions(self):
        self.assertIn("did you mean 'channel'", self.ends(2, "explain", RAILWAY, "--by", "chanel").stderr)
        self.assertIn("change, channel, partner or place", self.ends(2, "explain", RAILWAY, "--by", "weather", "--lang", "en").stderr)
        self.assertIn("welfare", self.ends(2, "explain", RAILWAY, "--by", "channel", "--outcome", "land_rent").stderr)
        self.assertIn("did you mean 'twin'", self.ends(2, "explain", RAILWAY, "--by", "place", "--outcome", "gdp:circle=twni").stderr)
        self.ends(2, "explain", "--by", "channel")
        self.ends(2, "explain", RAILWAY, "--by", "channel", "--linear")
        self.ends(2, "explain", RAILWAY, "--by", "change", "--orders", "1")
        self.ends(4, "explain", RAILWAY, "--by", "channel", "--pass-limit", "2")


class Cooperate(Case):
    def test_shapley_values_again_from_the_coalitions(self):
        """Each coalition solved by itself, from files with the other changes left out; values by going through all orders."""
        answer = self.json("cooperate", GAME, "--outcome", "gdp")
        base = {p["id"]: p["base"] for p in answer["players"]}
        text = pathlib.Path(GAME).read_text(encoding="utf-8").replace("../../economies", str(ROOT / "economies"))
        head, *changes = text.split("  - {id: line"), text
        head = head[0]
        lines = [line for line in text.splitlines() if "lever:" in line]
        needs = [{"alder", "dune"}, {"dune"}, {"alder"}]
        places = {"alder": ["alder"], "dune": ["dune"], "inland": ["brook", "cinder"]}

        def worth(coalition):
            chosen = [line for line, need in zip(lines, needs) if need <= set(coalition)]
            file = self.folder / "coalition.yaml"
            file.write_text(head + "\n".join(chosen) + "\n" if chosen else head.replace("changes:", "changes: []"), encoding="utf-8")
            rows = csv.DictReader(io.StringIO(self.ends(0, "solve", "--economy", ROOT / "economies" / "lantern", "--scenario", file, "--csv").stdout))
            gdp = {r["region"]: float(r["counterfactual"]) - float(r["base"]) for r in rows if r["variable"] == "gdp"}
            return sum(gdp[n] for p in coalition for n in places[p])

        table = {frozenset(c): worth(c) for k in range(4) for c in itertools.combinations(places, k)}
        for player in answer["players"]:
            value = 0
            for order in itertools.permutations(places):
                before = frozenset(order[:order.index(player["id"])])
                value += (table[before | {player["id"]}] - table[before]) / math.factorial(3)
            self.assertAlmostEqual(player["shapley"], value, delta=1e-7 * base[player["id"]])
            self.assertAlmostEqual(player["alone"], table[frozenset([player["id"]])], delta=1e-7 * base[player["id"]])
        self.assertTrue(all(sum(p["core"] for p in answer["players"] if p["id"] in c) >= table[frozenset(c)] - max(0, answer["core_excess"]) - 1e-6
                            for k in range(1, 3) for c in itertools.combinations(places, k)))

    def test_words_files_and_transfers(self):
        text = self.ends(0, "cooperate", GAME, "--lang", "en").stdout
        self.assertIn("3 players, 3 changes", text)
        self.assertIn("change hands; then nobody gains less", text)
        chinese = self.ends(0, "cooperate", GAME, "--lang", "zh").stdout
        self.assertIn("3 个参与者", chinese)
        self.assertNotIn("player", chinese)
        answer = self.json("cooperate", GAME, "-o", self.folder / "out", "-q")
        self.assertEqual(answer["transfers"], "found")
        self.assertFalse(answer["individually_rational"])
        self.assertAlmostEqual(sum(p["transfer"] for p in answer["players"]), 0, 9)
        self.assertTrue(all(p["after"] >= max(0, p["alone"]) - 1e-6 for p in answer["players"]))
        written = json.loads((self.folder / "out" / "cooperation.json").read_text(encoding="utf-8"))
        written.pop("time"), answer.pop("time")
        self.assertEqual(written, answer)
        self.assertEqual(self.ends(0, "cooperate", GAME, "--csv").stdout, (self.folder / "out" / "players.csv").read_text(encoding="utf-8"))
        self.assertEqual(self.ends(0, "cooperate", GAME, "--csv", "-j", "1").stdout, self.ends(0, "cooperate", GAME, "--csv", "-j", "2").stdout)

    def test_random_orders(self):
        answer = self.json("cooperate", GAME, "--orders", "50")
        self.assertTrue(all(p["shapley_error"] is not None and p["core"] is None for p in answer["players"]))

    def test_bad_questions(self):
        self.assertIn("names no players", self.ends(3, "cooperate", RAILWAY).stderr)
        self.assertIn("'welfare', 'gdp' or 'real_wage'", self.ends(2, "cooperate", GAME, "--outcome", "rent").stderr)
        self.ends(2, "cooperate")
        self.ends(6, "cooperate", self.folder / "none.yaml")


if __name__ == "__main__":
    unittest.main(argv=["test_explain.py", *sys.argv[3:]], verbosity=1)
