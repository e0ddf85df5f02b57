"""bashu leontief and bashu assign from outside, and against published references where BASHU_REFERENCE names them.

Usage: test_flows.py PROGRAM SOURCE_ROOT. Only the standard library."""
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
REFERENCE = os.environ.get("BASHU_REFERENCE", "")


def bashu(*words):
    known = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH"):
        if name in os.environ:
            known[name] = os.environ[name]
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, env=known, timeout=120)


def reference(name):
    folder = pathlib.Path(REFERENCE) / name
    if not REFERENCE or not folder.is_dir():
        raise unittest.SkipTest(f"BASHU_REFERENCE names no folder with {name}")
    return folder


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(path, head, body):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *body])


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bashu-flows-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def ends(self, code, *words):
        done = bashu(*words)
        self.assertEqual(done.returncode, code, f"{words}\n{done.stdout}\n{done.stderr}")
        return done

    def near(self, value, expected, relative, what=""):
        self.assertLessEqual(abs(value - expected), relative * abs(expected), f"{what}: {value} is not {expected}")


FLOW_HEAD = ["origin_region", "origin_sector", "destination_region", "destination_sector", "value"]
FINAL_HEAD = ["origin_region", "origin_sector", "destination_region", "category", "value"]


class Leontief(Case):
    def tables(self, flows, final, satellites=None, direct=None):
        write(self.folder / "flows.csv", FLOW_HEAD, flows)
        write(self.folder / "final_demand.csv", FINAL_HEAD, final)
        if satellites is not None:
            write(self.folder / "satellites.csv", ["account", "region", "sector", "value"], satellites)
        if direct is not None:
            write(self.folder / "satellites_final.csv", ["account", "region", "category", "value"], direct)
        return self.folder

    def small(self, **more):
        return self.tables([["a", "x", "a", "x", 10], ["a", "x", "b", "x", 5], ["b", "x", "a", "x", 20]],
                           [["a", "x", "a", "all", 85], ["b", "x", "b", "all", 30]], **more)

    def test_text_json_csv_agree(self):
        folder = self.small(satellites=[["air", "a", "x", 7]], direct=[["air", "b", "all", 2]])
        page = json.loads(self.ends(0, "leontief", folder, "--json").stdout)
        lines = list(csv.DictReader(io.StringIO(self.ends(0, "leontief", folder, "--csv").stdout)))
        self.assertEqual([a["id"] for a in page["accounts"]], ["value_added", "air"])
        self.assertEqual(len(lines), 4)
        for line in lines:
            account = next(a for a in page["accounts"] if a["id"] == line["account"])
            region = next(r for r in account["regions"] if r["id"] == line["region"])
            for name in ("pba", "cba", "exports", "imports", "direct"):
                self.assertEqual(float(line[name]), region[name])
        text = self.ends(0, "leontief", folder).stdout
        for word in ("value_added", "air", "Certificate", "spectral radius"):
            self.assertIn(word, text)
        self.assertIn("核验证书", self.ends(0, "leontief", folder, "--lang", "zh").stdout)
        self.ends(0, "leontief", folder, "-o", self.folder / "out", "--quiet")
        self.assertEqual(sorted(p.name for p in (self.folder / "out").iterdir()),
                         ["accounts.csv", "embodied.csv", "industries.csv", "inverse.csv"])

    def test_errors_name_file_line_and_mend(self):
        bad = self.ends(3, "leontief", self.small(satellites=[["air", "aa", "x", 7]])).stderr
        self.assertIn("satellites.csv:2: column 'region': unknown region 'aa'; did you mean 'a'?", bad)
        bad = self.ends(3, "leontief", self.tables([["a", "x", "a", "x", -1]], [["a", "x", "a", "all", 2]])).stderr
        self.assertIn("flows.csv:2: column 'value'", bad)
        bad = self.ends(3, "leontief", self.tables([["a", "x", "a", "x", 1]] * 2, [["a", "x", "a", "all", 2]])).stderr
        self.assertIn("flows.csv:3", bad)
        bad = self.ends(3, "leontief", self.tables([["a", "x", "a", "x", 1]], [["a", "x", "a", "all", -2]])).stderr
        self.assertIn("adds up to -1", bad)
        write(self.folder / "satellites.csv", ["account", "region", "sector", "value"], [["air", "a", "y", 1]])
        bad = self.ends(3, "leontief", self.tables([["a", "x", "a", "x", 1], ["a", "y", "a", "x", 0]], [["a", "x", "a", "all", 2]])).stderr
        self.assertIn("sells nothing", bad)
        self.assertIn("flows.csv", self.ends(6, "leontief", self.folder / "none").stderr)
        self.ends(2, "leontief")
        self.ends(2, "leontief", self.folder, "--economy", LANTERN)

    def test_unproductive_tables_are_refused(self):
        flows = [["a", "x", "a", "y", 30], ["a", "y", "a", "x", 40]]
        bad = self.ends(3, "leontief", self.tables(flows, [["a", "x", "a", "all", 5], ["a", "y", "a", "all", -7]])).stderr
        for word in ("Hawkins-Simon", "spectral radius", "must be below 1", "Sector 'x' of region 'a'"):
            self.assertIn(word, bad)
        bad = self.ends(3, "leontief", self.tables(flows[:1] + [["a", "y", "a", "x", 30]], [["a", "x", "a", "all", 0]])).stderr
        self.assertIn("about 1 and must be below 1", bad)

    def test_economy(self):
        page = json.loads(self.ends(0, "leontief", "--economy", LANTERN, "--json").stdout)
        self.assertLess(page["certificate"]["residual"], 1e-9)
        regions = page["accounts"][0]["regions"]
        self.near(sum(r["exports"] for r in regions), sum(r["imports"] for r in regions), 1e-12, "world trade")
        self.assertIn("value_added", self.ends(0, "leontief", "--economy", LANTERN).stdout)

    def test_published_tables_of_six_regions(self):
        folder = reference("mrio-pymrio-6x8")

        def long(name, direct=False):
            table = rows(folder / "inputs" / name)
            return [[*line[0].split("|")[:1 if direct else 2], *head.split("|"), value]
                    for line in table[1:] for head, value in zip(table[0][1:], line[1:])]

        def accounts(name):
            table = rows(folder / "inputs" / name)
            return [[line[0], *head.split("|"), value] for line in table[1:] for head, value in zip(table[0][1:], line[1:])]

        self.tables(long("Z_flows.csv"), long("Y_final_demand.csv"), accounts("F_emissions_by_sector.csv"),
                    accounts("FY_emissions_by_final_demand.csv"))
        page = json.loads(self.ends(0, "leontief", self.folder, "-o", self.folder / "out", "--quiet", "--json").stdout)
        self.assertLess(page["certificate"]["residual"], 1e-13)
        found = {a["id"]: {r["id"]: r for r in a["regions"]} for a in page["accounts"]}
        compared = 0
        for file, name in (("D_pba_reg", "pba"), ("D_cba_reg", "cba"), ("D_imp_reg", "imports"), ("D_exp_reg", "exports")):
            table = rows(folder / "expected" / f"{file}.csv")
            for line in table[1:]:
                for region, value in zip(table[0][1:], line[1:]):
                    self.near(found[line[0]][region][name], float(value), 1e-10, f"{file} {line[0]} {region}")
                    compared += 1
        self.assertEqual(compared, 4 * 2 * 6)
        output = {f'{i["region"]}|{i["sector"]}': i["output"] for i in page["industries"]}
        for name, value in rows(folder / "expected" / "x_output.csv")[1:]:
            self.near(output[name], float(value), 1e-10, f"output {name}")
        inverse = {(f"{o}|{p}", f"{d}|{q}"): float(v) for o, p, d, q, v in rows(self.folder / "out" / "inverse.csv")[1:]}
        table = rows(folder / "expected" / "L_leontief.csv")
        for line in table[1:]:
            for name, value in zip(table[0][1:], line[1:]):
                self.near(inverse.get((line[0], name), 0.0), float(value), 1e-10, f"L {line[0]} {name}")


LINK_HEAD = ["from", "to", "capacity", "length", "free_flow_time", "b", "power"]


class Assign(Case):
    def network(self, links, trips, head=LINK_HEAD):
        write(self.folder / "links.csv", head, links)
        write(self.folder / "trips.csv", ["origin", "destination", "trips"], trips)
        return self.folder

    def test_text_json_csv_agree(self):
        folder = self.network([["a", "b", 2, "", 1, 1, 4], ["a", "b", 3, 5, 2, 0.15, 4], ["b", "a", 1, 1, 1, 0, 0]], [["a", "b", 6], ["a", "a", 9]])
        page = json.loads(self.ends(0, "assign", folder, "--json").stdout)
        self.assertEqual(page["trips_within"], 9)
        self.assertLessEqual(page["certificate"]["relative_gap"], 1e-13)
        lines = list(csv.DictReader(io.StringIO(self.ends(0, "assign", folder, "--csv").stdout)))
        self.assertEqual([float(line["flow"]) for line in lines], [link["flow"] for link in page["links"]])
        text = self.ends(0, "assign", "--links", folder / "links.csv", "--trips", folder / "trips.csv").stdout
        self.assertIn("Beckmann objective", text)
        self.assertIn("贝克曼", self.ends(0, "assign", folder, "--lang", "zh").stdout)
        self.ends(2, "assign", folder, "--gap", "2")
        self.ends(2, "assign")

    def test_errors_name_file_line_and_mend(self):
        good = ["a", "b", 2, 1, 1, 1, 4]
        bad = self.ends(3, "assign", self.network([good], [["b", "a", 1]])).stderr
        self.assertIn("trips.csv:2: column 'destination': no way leads from 'b' to 'a'", bad)
        bad = self.ends(3, "assign", self.network([good], [["a", "bb", 1]])).stderr
        self.assertIn("trips.csv:2: column 'destination': unknown node 'bb'; did you mean", bad)
        bad = self.ends(3, "assign", self.network([good[:6] + [0.5]], [])).stderr
        self.assertIn("links.csv:2: column 'power': 0.5 lies between 0 and 1", bad)
        bad = self.ends(3, "assign", self.network([["a", "b", 0, 1, 1, 1, 4]], [])).stderr
        self.assertIn("links.csv:2: column 'capacity'", bad)
        bad = self.ends(3, "assign", self.network([["a", "a", 1, 1, 1, 1, 4]], [])).stderr
        self.assertIn("ends where it begins", bad)
        bad = self.ends(3, "assign", self.network([good], [["a", "b", 1], ["a", "b", 2]])).stderr
        self.assertIn("trips.csv:3: column 'destination': trips from 'a' to 'b' stand on line 2 already", bad)
        bad = self.ends(3, "assign", self.network([], [])).stderr
        self.assertIn("has no links", bad)
        self.assertIn("has no column 'power'", self.ends(3, "assign", self.network([good[:6]], [], LINK_HEAD[:6])).stderr)

    def test_published_network_of_24_nodes(self):
        folder = reference("sioux-falls-user-equilibrium-24")
        page = json.loads(self.ends(0, "assign", "--links", folder / "inputs" / "links.csv", "--trips", folder / "inputs" / "od.csv", "--json").stdout)
        expected = json.loads((folder / "expected" / "objective.json").read_text(encoding="utf-8"))
        self.near(page["certificate"]["objective"] / 1e5, expected["beckmann_objective_printed_by_source"], 1e-10, "objective")
        self.near(page["certificate"]["total_time"], expected["total_system_travel_time_recomputed"], 1e-9, "total time")
        self.assertLessEqual(page["certificate"]["relative_gap"], 1e-13)
        self.assertLess(page["time"]["solve_s"], 5)
        lines = rows(folder / "expected" / "best_known_flow.csv")[1:]
        self.assertEqual(len(lines), len(page["links"]))
        for link, (start, end, flow, cost) in zip(page["links"], lines):
            self.assertEqual((link["from"], link["to"]), (start, end))
            self.near(link["flow"], float(flow), 1e-6, f"flow {start}-{end}")
            self.near(link["time"], float(cost), 1e-6, f"time {start}-{end}")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
