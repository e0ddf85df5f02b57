"""bashu circles and bashu audit on china2020, against sums made here from its tables. Usage: test_circles.py PROGRAM SOURCE_ROOT."""
import csv
import json
import os
import pathlib
import subprocess
import sys
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
ROOT = pathlib.Path(sys.argv[2])
CHINA = ROOT / "economies" / "china2020"


def run(*words):
    known = {k: v for k, v in os.environ.items() if k in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH")}
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, env={**known, "LC_ALL": "C"}, timeout=600)


def table(name):
    with open(CHINA / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class China(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.circles = {c["id"]: c for c in json.loads(run("circles", CHINA, "--json").stdout)["circles"]}
        cls.audit = {c["id"]: c for c in json.loads(run("audit", CHINA, "--json").stdout)["claims"]}
        cls.text = run("circles", CHINA, "--lang", "en").stdout

    def test_shares_are_those_of_the_tables(self):
        regions = [r for r in table("regions.csv") if r["id"] != "ROW"]
        nation = {key: sum(float(r[key] or 0) for r in regions) for key in ("land_km2", "people", "gdp")}
        printed = {"CCEC": (2.0, 6.9, 6.3), "YRD": (3.8, 16.6, 23.7), "JJJ": (2.3, 7.8, 8.3), "GBA": (0.6, 6.1, 11.1)}  # docs/data-china2020.md, README.md
        for circle, digits in printed.items():
            land = people = gdp = 0
            for r in regions:
                if r["circle"] != circle:
                    continue
                land += float(r["circle_land_km2"] or r["land_km2"])
                inside = float(r["circle_people"] or r["people"])
                people += inside
                gdp += float(r["gdp"]) * inside / float(r["people"])
            found = self.circles[circle]
            for key, value, digit in (("land", land / nation["land_km2"], digits[0]), ("people", people / nation["people"], digits[1]),
                                      ("gdp", gdp / nation["gdp"], digits[2])):
                self.assertAlmostEqual(found[key + "_share"], value, 9)
                self.assertEqual(round(100 * value, 1), digit)
        self.assertIn("2.0         3.8          2.3          0.6", self.text)

    def test_what_the_document_says(self):
        verdicts = {name: claim["verdict"] for name, claim in self.audit.items()}
        self.assertEqual(verdicts["people_share"], "confirmed")
        self.assertEqual(verdicts["land_share"], "within_rounding")
        self.assertEqual(verdicts["gdp_share"], "another_year")
        self.assertEqual(self.audit["gdp_share"]["year"], 2019)
        self.assertEqual(verdicts["gdp_of_sichuan_and_chongqing"], "inconsistent")
        self.assertEqual(self.audit["gdp_of_sichuan_and_chongqing"]["power_of_ten"], 1)
        self.assertEqual({verdicts[name] for name in ("digital_economy", "institutions", "academician_teams")}, {"not_testable"})
        gdp = sum(float(r["gdp"]) for r in table("regions.csv") if r["province"] in ("500000", "510000"))
        self.assertGreater(gdp / 6600, 10)  # 100 million yuan: even further from 660 billion than the circle

    def test_cores_zones_and_research(self):
        ours = self.circles["CCEC"]
        self.assertEqual(set(ours["cores"]), {"510100", "500000"})
        self.assertEqual({z["id"] for z in ours["zones"]}, {"liangjiang", "tianfu"})
        spending = {r["member"]: float(r["value"]) for r in table("indicators.csv") if r["variable"] == "research_spending"}
        self.assertAlmostEqual(self.circles["all"]["research_intensity"], sum(spending.values()) / self.circles["all"]["gdp"], 9)
        self.assertTrue(ours["research_apportioned"])
        self.assertFalse(self.circles["JJJ"]["research_apportioned"])

    def test_errors(self):
        self.assertEqual(run("audit", ROOT / "economies" / "lantern").returncode, 6)
        self.assertEqual(run("circles", ROOT / "economies" / "lantern", "--circles", CHINA / "claims.yaml").returncode, 3)


if __name__ == "__main__":
    unittest.main(argv=["test_circles.py", *sys.argv[3:]], verbosity=1)
