"""bashu times from outside: times of searches of its own, chosen places, large tables, bad input.

Usage: test_times.py PROGRAM SOURCE_ROOT. Only the standard library."""
import csv
import heapq
import io
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
ROOT = pathlib.Path(sys.argv[2])
VALLEY = ROOT / "examples" / "valley"
LANTERN = ROOT / "economies" / "lantern"


def bashu(*words):
    known = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH"):
        if name in os.environ:
            known[name] = os.environ[name]
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, env=known, timeout=120)


def search(ways, origin):
    """Least times from one node; ways: [(from, to, hours)]."""
    after = {}
    for a, b, hours in ways:
        after.setdefault(a, []).append((b, hours))
    best, heap = {origin: 0.0}, [(0.0, origin)]
    while heap:
        hours, node = heapq.heappop(heap)
        if hours > best[node]:
            continue
        for other, more in after.get(node, []):
            if hours + more < best.get(other, 1e300):
                best[other] = hours + more
                heapq.heappush(heap, (hours + more, other))
    return best


class Times(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bashu-times-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def ends(self, code, *words):
        done = bashu("times", *words)
        self.assertEqual(done.returncode, code, f"{words}\n{done.stdout[:2000]}\n{done.stderr}")
        return done

    def answer(self, *words):
        rows = list(csv.DictReader(io.StringIO(self.ends(0, *words).stdout)))
        return {(row["from"], row["to"]): float(row["time_h"]) if row["time_h"] else None for row in rows}, rows

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def test_valley(self):
        with open(VALLEY / "links.csv", encoding="utf-8") as file:
            links = list(csv.DictReader(file))
        ways = [(row["from"], row["to"], float(row["time_h"])) for row in links]
        ways += [(b, a, hours) for (a, b, hours), row in zip(ways, links) if row["both_ways"] != "no"]
        found, rows = self.answer(VALLEY)
        nodes = {row["from"] for row in rows}
        with open(VALLEY / "nodes.csv", encoding="utf-8") as file:
            self.assertEqual(nodes, {row["id"] for row in csv.DictReader(file) if float(row["people"]) > 0})
        for origin in nodes:
            best = search(ways, origin)
            for end in nodes:
                self.assertAlmostEqual(found[origin, end], best[end], delta=1e-12)

    def test_one_way_only(self):
        shutil.copytree(VALLEY, self.folder / "valley")
        self.file("valley/nodes.csv", "id,people,income\na,1,1\nb,2,2\nc,3,4\n")
        self.file("valley/links.csv", "from,to,time_h,both_ways\na,b,1,no\nb,c,2,no\nc,a,4,no\n")
        found, _ = self.answer(self.folder / "valley")
        self.assertEqual([found["a", "b"], found["b", "a"], found["c", "b"], found["a", "a"]], [1, 6, 5, 0])

    def test_economy(self):
        """lantern: regions reach each other as the links say, by the class of travel with most of them; a scenario's links count."""
        with open(LANTERN / "links.csv", encoding="utf-8") as file:
            links = list(csv.DictReader(file))
        with open(LANTERN / "nodes.csv", encoding="utf-8") as file:
            home = {row["region"]: row["id"] for row in csv.DictReader(file) if row["kind"] == "region"}
        ways = [(row["from_node"], row["to_node"], float(row["minutes"]) / 60) for row in links]
        ways += [(b, a, hours) for a, b, hours in ways]
        found, rows = self.answer(LANTERN)
        self.assertEqual({row["from"] for row in rows}, set(home))
        for origin, node in home.items():
            best = search(ways, node)
            for end in home:
                self.assertAlmostEqual(found[origin, end], best[home[end]], delta=1e-12)
        slower, _ = self.answer(LANTERN, "--travel", "freight")
        self.assertTrue(all(slower[pair] >= found[pair] for pair in found) and slower != found)
        stops, _ = self.answer(LANTERN, "--set", "travel.transfer_minutes.road=60")
        self.assertTrue(all(stops[pair] >= found[pair] for pair in found) and stops != found)

    def test_chosen(self):
        origins = self.file("origins.csv", "id,why\nmouth,port\nupper,mine\nmouth,again\n")
        ends = self.file("ends.csv", "id\nford\nupper\n")
        every, _ = self.answer(VALLEY)
        _, rows = self.answer(VALLEY, origins, ends)
        pairs = [(row["from"], row["to"]) for row in rows]
        self.assertEqual(pairs, [(a, b) for a in ("mouth", "upper", "mouth") for b in ("ford", "upper")])
        for row in rows:
            self.assertEqual(float(row["time_h"]), every[row["from"], row["to"]])
        _, rows = self.answer(VALLEY, ends)
        self.assertEqual([(row["from"], row["to"]) for row in rows], [(a, b) for a in ("ford", "upper") for b in ("ford", "upper")])

    def test_in_parts(self):
        """More numbers than are held at once: the rows of the second part are those of the first."""
        names = ["upper", "mill", "ford", "mouth"]
        many = self.file("many.csv", "id\n" + "".join(names[k % 4] + "\n" for k in range(1500)))
        text = self.ends(0, VALLEY, many).stdout
        lines = text.splitlines()
        self.assertEqual(len(lines), 1 + 1500 * 1500)
        block = lines[1 : 1 + 4 * 1500]
        self.assertEqual(lines[1:], block * 375)

    def test_bad(self):
        unknown = self.file("unknown.csv", "id\nmouth\nuper\n")
        said = self.ends(3, VALLEY, unknown).stderr
        self.assertIn("unknown.csv:3: column 'id': unknown place 'uper'; did you mean 'upper'?", said)
        self.assertIn("has no places", self.ends(3, VALLEY, self.file("none.csv", "id\n")).stderr)
        self.assertIn("'id'", self.ends(3, VALLEY, self.file("other.csv", "name\nmouth\n")).stderr)
        shutil.copytree(VALLEY, self.folder / "costs")
        self.file("costs/nodes.csv", "id,people,income\nupper,1,1\nmill,1,1\nford,1,1\nmouth,1,1\nharbour,1,1\n")
        self.file("costs/links.csv", "from,to,cost\nupper,mill,1.2\nmill,ford,1.2\nford,mouth,1.3\nmouth,harbour,1.2\n")
        said = bashu("times", self.folder / "costs")
        self.assertNotEqual(said.returncode, 0)
        self.assertIn("links.csv states costs of links and no times; write the column time_h instead of cost", said.stderr)
        self.assertIn("did you mean 'passenger'?", bashu("times", LANTERN, "--travel", "pasenger").stderr)
        self.ends(2, VALLEY, "--year", "2016")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=0)
