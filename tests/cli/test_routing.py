"""bashu routing from outside: answers, no change, bad input.

Usage: test_routing.py PROGRAM SOURCE_ROOT. Only the standard library."""
import csv
import io
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
VALLEY = ROOT / "examples" / "valley"


def bashu(*words):
    known = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH"):
        if name in os.environ:
            known[name] = os.environ[name]
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, env=known, timeout=120)


class Routing(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bashu-routing-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.valley = self.folder / "valley"
        shutil.copytree(VALLEY, self.valley)

    def ends(self, code, *words):
        done = bashu(*words)
        self.assertEqual(done.returncode, code, f"{words}\n{done.stdout}\n{done.stderr}")
        return done

    def answer(self, *words):
        return json.loads(self.ends(0, "routing", self.valley, "--json", *words).stdout)

    def change(self, name, old, new):
        path = self.valley / name
        text = path.read_text(encoding="utf-8")
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def refuses(self, *parts):
        said = self.ends(3, "routing", self.valley).stderr
        for part in parts:
            self.assertIn(part, said)

    def test_bridge(self):
        before, after = self.answer(), self.answer("--scenario", self.valley / "bridge.yaml")
        self.assertEqual(before["welfare_hat"], 1)
        self.assertGreater(after["welfare_hat"], 1.003)
        for one in (before, after):
            self.assertLess(one["certificate"]["residual"], 1e-9)
            self.assertLess(one["certificate"]["forward_error"], 1e-8)
            self.assertLess(one["certificate"]["radius_high"], 1)
            people = sum(node["people"] for node in one["nodes"])
            self.assertAlmostEqual(people / 2030000, 1, delta=1e-10)
        bridge = next(link for link in after["links"] if link["id"] == "road-mouth-harbour")
        # congestion takes back part of the 5 %, but not all
        self.assertTrue(0.95 < bridge["cost"] / bridge["cost_base"] < 0.99)
        self.assertGreater(bridge["traffic"], 1.2 * bridge["traffic_base"])
        # first order says nearly the same: elasticity of the free cost
        first = next(link for link in before["links"] if link["id"] == "road-mouth-harbour")["welfare_elasticity"]
        self.assertAlmostEqual(after["welfare_hat"] - 1, first * -0.0513, delta=0.0006)

    def test_no_change(self):
        scenario = self.folder / "nothing.yaml"
        scenario.write_text("format: bashu-routing-scenario/1\nchanges: []\n", encoding="utf-8")
        done = self.answer("--scenario", scenario)
        self.assertEqual(done["welfare_hat"], 1)
        for node in done["nodes"]:
            self.assertEqual(node["income"], node["income_base"])
            self.assertEqual(node["people"], node["people_base"])
        for link in done["links"]:
            self.assertEqual(link["traffic"], link["traffic_base"])

    def test_closed_link(self):
        scenario = self.folder / "closed.yaml"
        scenario.write_text("format: bashu-routing-scenario/1\nchanges:\n  - {links: [river-down], closed: yes, assumption: test}\n"
                            "  - {nodes: [east], productivity_hat: 1.1, assumption: test}\n", encoding="utf-8")
        done = self.answer("--scenario", scenario)
        river = next(link for link in done["links"] if link["id"] == "river-down")
        self.assertEqual(river["traffic"], 0)
        self.assertLess(done["certificate"]["residual"], 1e-9)

    def test_outputs(self):
        text = self.ends(0, "routing", self.valley, "--scenario", self.valley / "bridge.yaml", "-o", self.folder / "out").stdout
        self.assertIn("Links that matter most", text)
        self.assertIn("对福利最重要的路段", self.ends(0, "routing", self.valley, "--lang", "zh").stdout)
        rows = list(csv.DictReader(io.StringIO(self.ends(0, "routing", self.valley, "--csv").stdout)))
        self.assertEqual(len(rows), 11)
        self.assertLess(float(rows[0]["welfare_elasticity"]), 0)
        with open(self.folder / "out" / "nodes.csv", encoding="utf-8", newline="") as file:
            self.assertEqual(len(list(csv.DictReader(file))), 8)

    def test_published_settings(self):
        text = (self.valley / "links.csv").read_text(encoding="utf-8").splitlines()
        rows = [row.split(",") for row in text]
        rows[0][3] = "cost"
        for row in rows[1:]:
            row[3] = str(1.4 + 0.1 * float(row[3]))
        (self.valley / "links.csv").write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
        done = self.answer("--model", ROOT / "models" / "allen_arkolakis_2022.yaml")
        self.assertLess(done["certificate"]["residual"], 1e-9)

    def test_threads(self):
        one, two = (self.answer("-j", n) for n in ("1", "2"))
        self.assertEqual(one["nodes"], two["nodes"])
        self.assertEqual(one["links"], two["links"])

    def test_radius(self):
        self.change("routing.yaml", "cost_scale: {value: 1.2", "cost_scale: {value: 0.7")
        self.refuses("spectral radius", "depends most on the link", "cost_scale")

    def test_bad_links(self):
        cases = [("road-upper-mill,upper,mill,1.5", "road-upper-mill,upper,mill,0", "links.csv:2", "above 0"),
                 ("road-upper-mill,upper,mill,1.5", "road-upper-mill,upper,mill,-1", "links.csv:2", "above 0"),
                 ("road-upper-mill,upper,mill,1.5", "road-upper-mill,upper,mill,nan", "links.csv:2", "time_h"),
                 ("road-upper-mill,upper,mill,1.5", "road-upper-mill,upper,upper,1.5", "links.csv:2", "ends where it begins"),
                 ("road-upper-mill,upper,mill,1.5", "road-upper-mill,uper,mill,1.5", "links.csv:2", "did you mean 'upper'"),
                 ("rail-ford-mouth,ford,mouth,1.0,rail", "rail-ford-mouth,mouth,ford,1.0,road", "links.csv:5", "stands on line 4 already"),
                 ("road-mill-quarry,mill,quarry,0.7,road,yes", "road-mill-quarry,mill,quarry,0.7,road,no", "no way leads from 'quarry'", "add the missing"),
                 ("road-mill-quarry,mill,quarry,0.7,road,yes", "road-mill-quarry,mill,quarry,0.7,road,perhaps", "links.csv:11", "yes or no")]
        for old, new, *parts in cases:
            with self.subTest(new=new):
                shutil.copy(VALLEY / "links.csv", self.valley / "links.csv")
                self.change("links.csv", old, new)
                self.refuses(*parts)

    def test_bad_nodes_and_settings(self):
        cases = [("nodes.csv", "upper,120000,4800", "upper,120000,0", "nodes.csv:2", "people without income"),
                 ("nodes.csv", "mill,60000", "upper,60000", "nodes.csv:3", "stands on line 2 already"),
                 ("nodes.csv", "id,people,income", "id,people,wages", "nodes.csv:1", "wages"),
                 ("nodes.csv", "upper,120000,4800", "upper,inf,4800", "nodes.csv:2", "people"),
                 ("routing.yaml", "mobility: free", "mobility: some", "routing.yaml:8", "none or free"),
                 ("routing.yaml", "productivity_spillover: {value: 0.1", "productivity_spillover: {value: 0.9", "routing.yaml", "one place"),
                 ("routing.yaml", "trade_elasticity: {value: 8", "trade_elasticity: {value: x", "routing.yaml:4", "trade_elasticity"),
                 ("routing.yaml", "cost_per_hour:", "cost_per_our:", "routing.yaml", "cost_per_hour")]
        for name, old, new, *parts in cases:
            with self.subTest(new=new):
                shutil.copy(VALLEY / name, self.valley / name)
                self.change(name, old, new)
                self.refuses(*parts)
                shutil.copy(VALLEY / name, self.valley / name)

    def test_bad_scenario(self):
        for change, part in (("{links: [[mouth, quarry]], cost_hat: 0.9}", "no link leads"), ("{links: [bridge], cost_hat: 0.9}", "unknown link"),
                             ("{nodes: [est], productivity_hat: 2}", "did you mean 'east'"), ("{links: all}", "needs cost_hat"),
                             ("{links: all, nodes: all}", "one of the two"), ("{links: all, cost_hat: -1}", "cost_hat")):
            with self.subTest(change=change):
                scenario = self.folder / "bad.yaml"
                scenario.write_text(f"format: bashu-routing-scenario/1\nchanges:\n  - {change}\n", encoding="utf-8")
                self.assertIn(part, self.ends(3, "routing", self.valley, "--scenario", scenario).stderr)

    def test_counterfactual_of_the_paper(self):
        """Allen & Arkolakis (2022), Proposition 2: with observed traffic and incomes alone, changes solve their equations (36) and (37)."""
        self.change("nodes.csv", "pass,0,0", "pass,9000,310")
        found = self.answer("--scenario", self.valley / "bridge.yaml")
        theta, lam, alpha, beta = 8, 0.092, 0.1, -0.3
        number = {node["id"]: i for i, node in enumerate(found["nodes"])}
        income = [node["income_base"] for node in found["nodes"]]
        worlds = [sum(node[name] for node in found["nodes"]) for name in ("income_base", "income")]
        y = [node["income"] / worlds[1] / (node["income_base"] / worlds[0]) for node in found["nodes"]]
        l = [node["people"] / node["people_base"] for node in found["nodes"]]
        chi = found["welfare_hat"] ** -theta
        traffic = []  # from, to, value, change of the cost of the empty link
        for link in found["links"]:
            hat = 0.95 if {link["from"], link["to"]} == {"mouth", "harbour"} else 1
            traffic.append((number[link["from"]], number[link["to"]], link["traffic_base"], hat))
            if link["traffic_back_base"] is not None:
                traffic.append((number[link["to"]], number[link["from"]], link["traffic_back_base"], hat))
        c = 1 + theta * lam
        for i in range(len(y)):
            away = income[i] + sum(x for k, _m, x, _t in traffic if k == i)
            left = y[i] ** ((1 + theta * lam + theta) / c) * l[i] ** (-theta * (1 + alpha + theta * lam * (alpha + beta)) / c)
            right = chi * income[i] / away * y[i] ** ((1 + theta * lam + theta) / c) * l[i] ** (theta * (beta - 1) / c)
            right += chi ** (theta * lam / c) * sum(x / away * t ** (-theta / c) * y[m] ** ((1 + theta) / c) * l[m] ** (-theta * (1 + alpha) / c)
                                                    for k, m, x, t in traffic if k == i)
            self.assertAlmostEqual(left / right, 1, delta=1e-8, msg=f"(36) at {i}")
            into = income[i] + sum(x for _k, m, x, _t in traffic if m == i)
            left = y[i] ** (-theta * (1 - lam) / c) * l[i] ** (theta * (1 - beta - theta * lam * (alpha + beta)) / c)
            right = chi * income[i] / into * y[i] ** (-theta * (1 - lam) / c) * l[i] ** (theta * (alpha + 1) / c)
            right += chi ** (theta * lam / c) * sum(x / into * t ** (-theta / c) * y[k] ** (-theta / c) * l[k] ** (theta * (1 - beta) / c)
                                                    for k, m, x, t in traffic if m == i)
            self.assertAlmostEqual(left / right, 1, delta=1e-8, msg=f"(37) at {i}")

    # ---- hard settings -----------------------------------------------------------------------------

    def grid(self, side, settings, level, spread):
        """A square of places; numbers without a pattern, the same on every machine."""
        folder = self.folder / "grid"
        folder.mkdir(exist_ok=True)
        draw = lambda k: (k * 7919 + 104729) % 1009 / 1009
        (folder / "routing.yaml").write_text("format: bashu-routing/1\n" + "".join(f"{key}: {value}\n" for key, value in settings.items()), encoding="utf-8")
        nodes = [(f"n{i}", 1, 0.85 + 0.3 * draw(i), 0.85 + 0.3 * draw(i + 500)) for i in range(side * side)]
        links, k = [], 0
        for i in range(side * side):
            for far, there in ((i + 1, i % side + 1 < side), (i + side, i + side < side * side)):
                if there:
                    links.append((f"n{i}", f"n{far}", level * math.exp(spread * (2 * draw(2000 + k) - 1))))
                    k += 1
        (folder / "nodes.csv").write_text("id,people,productivity,amenity\n" + "".join(",".join(map(str, row)) + "\n" for row in nodes), encoding="utf-8")
        (folder / "links.csv").write_text("from,to,cost\n" + "".join(",".join(map(str, row)) + "\n" for row in links), encoding="utf-8")
        return folder, nodes, links

    def holds(self, found, nodes, links, theta, alpha, beta, lam):
        """The equations of docs/routing.md in levels, from people, incomes and costs alone."""
        number = {row[0]: i for i, row in enumerate(nodes)}
        n = len(nodes)
        income = [node["income"] for node in found["nodes"]]
        people = [node["people"] for node in found["nodes"]]
        arcs = []
        for link in found["links"]:
            k, l = number[link["from"]], number[link["to"]]
            arcs += [(k, l, link["cost"], link["traffic"]), (l, k, link["cost_back"], link["traffic_back"])]
        x = [(income[i] / people[i] / (nodes[i][2] * people[i] ** alpha)) ** -theta for i in range(n)]
        p, q = x[:], [0.0] * n
        for way in range(2):
            first = x if way == 0 else [income[i] / p[i] for i in range(n)]
            now = first[:]
            for _ in range(200000):
                after = first[:]
                for k, l, cost, _traffic in arcs:
                    if way == 0:
                        after[l] += cost ** -theta * now[k]
                    else:
                        after[k] += cost ** -theta * now[l]
                change = max(abs(a / b - 1) for a, b in zip(after, now))
                now = after
                if change < 1e-13:
                    break
            p, q = (now, q) if way == 0 else (p, now)
        scale = sum(income) / sum(x[i] * q[i] for i in range(n))
        for i in range(n):
            self.assertAlmostEqual(x[i] * q[i] * scale / income[i], 1, delta=1e-6)
        for k, l, cost, traffic in arcs:
            self.assertAlmostEqual(cost ** -theta * p[k] * q[l] * scale / traffic, 1, delta=1e-6)
        tbar = {(a, b): cost for a, b, cost in links}
        for link in found["links"] if lam else []:
            free = tbar[link["from"], link["to"]]
            self.assertAlmostEqual(free * (link["traffic"] / sum(income)) ** lam / link["cost"], 1, delta=1e-7)
        if beta is not None:
            welfare = [math.log(income[i] / people[i] * nodes[i][3] * people[i] ** beta * p[i] ** (1 / theta)) for i in range(n)]
            self.assertLess(max(welfare) - min(welfare), 1e-6)
            self.assertAlmostEqual(sum(people) / n, 1, delta=1e-9)

    def test_people_who_gather(self):
        """alpha + beta above zero: not found at once, followed from where people spread."""
        settings = {"trade_elasticity": 4, "productivity_spillover": 0.1, "amenity_spillover": -0.05, "mobility": "free"}
        folder, nodes, links = self.grid(6, settings, 1.9, 0.3)
        found = json.loads(self.ends(0, "routing", folder, "--json").stdout)
        self.assertEqual(found["followed"], 1)
        self.assertEqual(found["followed_to_amenity_spillover"], -0.05)
        self.assertIn("not known", found["uniqueness"])
        self.holds(found, nodes, links, 4, 0.1, -0.05, 0)

    def test_nowhere_to_follow(self):
        settings = {"trade_elasticity": 6, "productivity_spillover": 0.1, "amenity_spillover": -0.05, "mobility": "free"}
        folder, _, _ = self.grid(8, settings, 2.2, 0.3)
        done = self.ends(4, "routing", folder)
        self.assertIn("add up to 0.05: towards zero ever more people live in one place", done.stdout)
        self.assertRegex(done.stdout, r"followed from where people spread +66 %, to amenity_spillover -0\.1")

    def test_links_that_hardly_slow_down(self):
        folder, nodes, links = self.grid(6, {"trade_elasticity": 4, "congestion_elasticity": 0.05}, 1.5, 0.3)
        found = json.loads(self.ends(0, "routing", folder, "--json").stdout)
        self.assertIsNone(found["followed"])
        self.holds(found, nodes, links, 4, 0, None, 0.05)

    def test_links_that_never_fill(self):
        folder, _, _ = self.grid(6, {"trade_elasticity": 4, "congestion_elasticity": 0.005}, 1.25, 1.5)
        said = self.ends(3, "routing", folder).stderr
        self.assertRegex(said, r"links\.csv: links would have to carry more than \S+e\+\d+ times the world's income")
        self.assertIn("congestion_elasticity is 0.005 only. Raise it", said)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=0)
