"""`bashu verify` and `bashu convert` from outside: a small case with its own data, and everything that can be wrong with one.

Usage: test_verify.py PROGRAM SOURCE_ROOT. Only the standard library."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
ROOT = pathlib.Path(sys.argv[2]).resolve()
TINY = ROOT / "tests" / "verify" / "tiny"
KEYS = {"case", "model", "quantity", "n", "max_abs_diff", "max_rel_diff", "tolerance", "pass", "passes", "time_s"}


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bashu-verify-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "tmp").mkdir()
        self.copy = self.folder / "cases" / "tiny"
        shutil.copytree(TINY, self.copy)

    def bashu(self, code, *words, **environment):
        known = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TMPDIR": str(self.folder / "tmp"), **environment}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                known[name] = os.environ[name]
        done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, env=known, timeout=120, cwd=self.folder)
        self.assertEqual(done.returncode, code, f"{words}\n{done.stdout}\n{done.stderr}")
        self.assertEqual(list((self.folder / "tmp").iterdir()), [], "a temporary folder was left behind")
        return done

    def change(self, name, old, new):
        path = self.copy / name
        text = path.read_text(encoding="utf-8")
        self.assertIn(old, text)
        path.write_text(text.replace(old, new), encoding="utf-8")

    def rows(self, code=0, *words):
        return json.loads(self.bashu(code, "verify", self.copy, "--json", *words).stdout)["cases"]

    def refused(self, *parts, code=3):
        message = self.bashu(code, "verify", self.copy).stderr
        for part in parts:
            self.assertIn(part, message)


class Agreement(Case):
    def test_a_case_that_agrees(self):
        welfare, output = self.rows()
        self.assertLessEqual(KEYS, welfare.keys())
        self.assertEqual((welfare["case"], welfare["model"], welfare["quantity"], welfare["n"]), ("tiny", "model", "welfare", 3))
        self.assertIs(welfare["pass"], True)
        self.assertLess(welfare["max_rel_diff"], 1e-12)
        self.assertEqual(welfare["tolerance"], 1e-9)
        self.assertGreater(welfare["passes"], 0)
        self.assertEqual(output["max_abs_diff"], 0)

    def test_text_says_so_and_rows_are_shown_when_wanted(self):
        text = self.bashu(0, "verify", self.copy).stdout
        self.assertIn("2 quantities agree, 0 differ", text)
        self.assertGreater(len(self.bashu(0, "verify", self.copy, "-v").stdout.splitlines()), len(text.splitlines()) + 6)
        self.assertIn("2 项一致", self.bashu(0, "verify", self.copy, "--lang", "zh").stdout)

    def test_cases_are_found_by_name_and_all_at_once(self):
        self.bashu(0, "verify", "tiny", "--cases", self.folder / "cases")
        self.assertIn("tiny", self.bashu(0, "verify", "--cases", self.folder / "cases").stdout)
        self.assertIn("did you mean 'tiny'", self.bashu(3, "verify", "tinny", "--cases", self.folder / "cases").stderr)
        self.assertIn("no cases", self.bashu(3, "verify", "--cases", self.folder / "tmp").stderr)

    def test_a_broken_case_does_not_hide_the_others(self):
        shutil.copytree(TINY, self.folder / "cases" / "broken")
        (self.folder / "cases" / "broken" / "convert.sql").write_text("nonsense", encoding="utf-8")
        done = self.bashu(3, "verify", "--cases", self.folder / "cases", "--json")
        self.assertEqual([r["pass"] for r in json.loads(done.stdout)["cases"]], [True, True])
        self.assertIn("broken/convert.sql:1: ", done.stderr)

    def test_files(self):
        self.bashu(0, "verify", self.copy, "-o", self.folder / "out", "-q")
        page = (self.folder / "out" / "validation.md").read_text(encoding="utf-8")
        self.assertIn("do not edit", page)
        self.assertEqual(page, self.bashu(0, "verify", self.copy, "--markdown").stdout)
        self.assertEqual(len(json.loads((self.folder / "out" / "validation.json").read_text(encoding="utf-8"))["cases"]), 2)

    def test_by_method(self):
        rows = self.rows(0, "--method", "all")
        self.assertEqual({r["method"] for r in rows}, {"ladder", "anderson", "newton_krylov", "plain"})
        self.assertEqual({r["pass"] for r in rows if r["method"] in ("ladder", "anderson")}, {True})
        self.assertIn("Case by method", self.bashu(0, "verify", self.copy, "--method", "all").stdout)
        self.assertEqual({r["method"] for r in self.rows(0, "--method", "anderson")}, {"anderson"})
        self.assertIn("did you mean 'plain'", self.bashu(2, "verify", self.copy, "--method", "plan").stderr)


class Difference(Case):
    def test_a_wrong_number_is_found_and_named(self):
        self.change("expected.csv", "02,0.945", "02,0.946")
        welfare = self.rows(8)[0]
        self.assertIs(welfare["pass"], False)
        self.assertEqual(welfare["worst"]["at"], "02")
        self.assertAlmostEqual(welfare["max_abs_diff"], 1e-3, places=6)
        self.assertIn("DIFFERS", self.bashu(8, "verify", self.copy).stdout)

    def test_another_elasticity_differs(self):
        self.change("case.yaml", "scenario: autarky.yaml", "scenario: autarky.yaml, set: {elasticities.trade_elasticity: 5}")
        self.assertIs(self.rows(8)[0]["pass"], False)

    def test_a_missing_number_is_no_agreement(self):
        self.change("case.yaml", "r.region = e.region", "r.region = e.region AND r.region <> '03'")
        welfare = self.rows(8)[0]
        self.assertIs(welfare["pass"], False)
        self.assertEqual(welfare["worst"]["at"], "03")
        self.assertIsNone(welfare["max_abs_diff"])

    def test_missing_rows_are_no_agreement(self):
        self.change("case.yaml", "LEFT JOIN autarky_region r ON", "JOIN autarky_region r ON r.region <> '03' AND")
        self.assertEqual([(r["n"], r["pass"]) for r in self.rows(8)], [(2, False), (3, True)])
        self.change("case.yaml", "    rows: 3\n", "")
        self.rows(0)
        self.change("case.yaml", "r.region <> '03'", "r.region = 'nowhere'")
        self.assertEqual([(r["n"], r["pass"]) for r in self.rows(8)], [(0, False), (3, True)])

    def test_no_answer_is_no_agreement(self):
        self.change("case.yaml", "scenario: autarky.yaml", "scenario: autarky.yaml, options: {pass_limit: 1}")
        self.assertEqual({r["pass"] for r in self.rows(8)}, {False})
        self.assertIn("no answer", self.bashu(8, "verify", self.copy).stdout)


class EachChange(Case):
    """A scenario of two changes whose values stand in one table; the first is also a scenario of its own."""

    def setUp(self):
        super().setUp()
        with open(self.copy / "convert.sql", "a", encoding="utf-8") as sql:
            sql.write("CREATE TABLE growth AS SELECT id AS region, 1.1 AS hat FROM regions;\n")
        head = "format: bashu-scenario/1\nname: s\neconomy: .\nchanges:\n"
        change = "  - {id: %s, title: T, lever: productivity, assumption: invented, regions: %s, %s}\n"
        one, table = change % ("one", '["01"]', "change_pct: 10"), "table: growth.csv"
        (self.copy / "one.yaml").write_text(head + one, encoding="utf-8")
        (self.copy / "two.yaml").write_text(head + change % ("one", '["01"]', table) + change % ("rest", '["02", "03"]', table), encoding="utf-8")
        self.change("case.yaml", "wage_bill, trade]", "wage_bill, trade, growth]")
        self.change("case.yaml", "runs:", "runs:\n  - {name: alone, question: each, scenario: two.yaml}\n  - {name: whole, scenario: one.yaml}\n"
                    "  - {name: other, scenario: one.yaml, set: {elasticities.trade_elasticity: 8}}\n  - {name: again, scenario: one.yaml}")

    def ask(self, code, sql):
        self.change("case.yaml", "quantities:", "quantities:\n  - quantity: asked\n    source: none\n    tolerance: {absolute: 1e-13}\n    sql: " + sql)
        return next(r for r in self.rows(code) if r["quantity"] == "asked")

    def test_each_change_alone(self):
        asked = self.ask(0, "SELECT o.region, w.hat, o.hat FROM alone_region o LEFT JOIN whole_region w ON w.region = o.region"
                         " AND w.variable = 'welfare' AND w.change IS NULL WHERE o.variable = 'welfare' AND o.change = 'one'")
        self.assertEqual((asked["n"], asked["max_abs_diff"]), (3, 0))

    def test_changes_are_told_apart(self):
        asked = self.ask(8, "SELECT change, 1, hat FROM alone_region WHERE variable = 'welfare'")
        self.assertEqual(asked["n"], 6)
        self.assertGreater(asked["max_abs_diff"], 0.01)

    def test_runs_share_what_is_the_same_and_nothing_else(self):
        self.assertEqual(self.ask(0, "SELECT w.region, w.hat, a.hat FROM whole_region w LEFT JOIN again_region a USING (variable, region)"
                                  " WHERE variable = 'welfare'")["max_abs_diff"], 0)
        self.change("case.yaml", "LEFT JOIN again_region", "LEFT JOIN other_region")
        self.assertGreater(self.rows(8)[0]["max_abs_diff"], 1e-6)

    def test_the_baseline_stands_beside_the_answer(self):
        self.assertEqual(self.ask(0, "SELECT b.region, b.value, w.value FROM books_accounts b LEFT JOIN whole_accounts w USING (region, variable, item)"
                                  " WHERE variable = 'output'")["n"], 3)

    def test_pairs_without_flows_have_no_row(self):
        self.change("flows.csv", "01,10,2,1", "01,10,0,1")
        self.change("flows.csv", "02,2,20,3", "02,0,20,3")
        rows = self.ask(8, "SELECT origin, destination, 1, base FROM whole_pair_sector WHERE variable = 'trade'")
        self.assertEqual(rows["n"], 7)

    def test_refused(self):
        self.change("case.yaml", "question: each, scenario: two.yaml", "question: each")
        self.refused("case.yaml:14", "'each' is about changes")
        self.change("case.yaml", "question: each", "question: each, scenario: two.yaml")
        self.change("convert.sql", "1.1 AS hat FROM regions", "1.1 AS hat FROM regions WHERE id = '01'")
        self.refused("growth.csv", "no row about the regions of the change 'rest'")


class Package(Case):
    def setUp(self):
        super().setUp()
        self.change("case.yaml", "inputs:", 'package: {folder: pack, owner: "Somebody Else", source: "a book"}\ninputs:')
        self.reference = self.folder / "reference"
        (self.reference / "pack").mkdir(parents=True)
        for name in ("flows.csv", "expected.csv", "params.json"):
            shutil.move(self.copy / name, self.reference / "pack" / name)

    def test_absent_is_said_and_no_failure(self):
        text = self.bashu(0, "verify", self.copy).stdout
        self.assertIn("Somebody Else (a book)", text)
        self.assertIn("2 absent", text)
        self.assertEqual({(r["absent"], r["pass"], r["n"]) for r in self.rows(0, "--reference", self.folder / "tmp")}, {(True, None, 0)})

    def test_present(self):
        self.assertEqual({r["pass"] for r in self.rows(0, "--reference", self.reference)}, {True})
        self.bashu(0, "verify", self.copy, BASHU_REFERENCE=str(self.reference))

    def test_convert(self):
        out = self.folder / "out"
        self.assertIn("Somebody Else", self.bashu(2, "convert", self.copy, "-o", out).stderr)
        (self.reference / "pack" / "expected.csv").unlink()  # only needed to compare
        self.bashu(0, "convert", self.copy, "--from", self.reference / "pack", "-o", out)
        self.assertEqual((out / "trade.csv").read_text(encoding="utf-8").splitlines()[:2],
                         ["sector,origin,destination,value", "goods,01,01,10"])
        self.bashu(0, "check", out)
        told = json.loads(self.bashu(0, "solve", "--scenario", out / "autarky.yaml", "--model", out / "model.yaml", "--json").stdout)
        self.assertEqual([r["id"] for r in told["regions"]], ["01", "02", "03"])
        self.assertAlmostEqual(told["regions"][0]["welfare_pct"], 100 * ((10 / 13) ** 0.25 - 1), places=9)
        self.bashu(2, "convert", self.copy, "--from", self.reference / "pack")


class Built(Case):
    """A network that is built: what the paper proves is noticed when the answer is another."""

    def setUp(self):
        super().setUp()
        shutil.rmtree(self.copy)
        shutil.copytree(ROOT / "validation" / "fajgelbaum_schaal_grid", self.copy)

    def test_a_difference_is_found(self):
        rows = self.rows()
        if rows[0]["absent"]:
            self.assertIn("coinor-libipopt", rows[0]["missing"])
            self.skipTest("Ipopt is not there")
        self.assertEqual({r["pass"] for r in rows}, {True})
        for name, old, new, wrong in (("convex.yaml", "{id: p12, people: 1,", "{id: p12, people: 1.001,", "symmetry, gamma = beta"), ("convex.yaml", "gamma: 1", "gamma: 0.99", "sizes, gamma = beta"),
                                      ("increasing.yaml", "beta: 1, gamma: 2", "beta: 2, gamma: 1.5", "links of a tree, gamma > beta"), ("case.yaml", "budget: 25.25", "budget: 25.5", "price of the budget")):
            with self.subTest(wrong):
                self.change(name, old, new)
                self.assertIn(wrong, [r["quantity"] for r in self.rows(8) if not r["pass"]])
                self.change(name, new, old)

    def test_settings(self):
        self.change("case.yaml", "starts: 3", "start: 3")
        self.refused("has no setting 'start'; it has budget and starts")


class Questions(Case):
    def setUp(self):
        super().setUp()
        shutil.rmtree(self.copy)
        shutil.copytree(ROOT / "tests" / "verify" / "questions", self.copy)

    def test_estimates_accounts_roads_need_no_economy(self):
        rows = self.rows()
        self.assertEqual({r["pass"] for r in rows}, {True})
        self.assertGreater(rows[0]["passes"], 3)

    def test_convert_writes_tables_and_specifications_alone(self):
        out = self.folder / "out"
        self.bashu(0, "convert", self.copy, "-o", out)
        self.assertEqual(sorted(p.name for p in out.iterdir()), ["final_demand.csv", "flows.csv", "gravity.yaml", "links.csv", "pairs.csv", "satellites.csv", "trips.csv"])
        self.bashu(0, "gravity", out / "gravity.yaml")
        self.bashu(0, "assign", out)

    def test_a_difference_is_found(self):
        for name, old, new, quantity in (("convert.sql", "exp(1 + 0.5 * ", "exp(1 + 0.51 * ", "coefficients"), ("convert.sql", "80 AS value", "81 AS value", "inverse"),
                                         ("convert.sql", "1 AS b, 1 AS power", "2 AS b, 1 AS power", "flow on the road that slows down"),
                                         ("again.sql", "SELECT value", "SELECT 2 * value", "trips")):
            with self.subTest(quantity):
                self.change(name, old, new)
                self.assertIn(quantity, [r["quantity"] for r in self.rows(8) if not r["pass"]])
                self.change(name, new, old)

    def test_what_a_question_needs_and_what_it_does_not_read(self):
        for old, new, words in ((", spec: gravity.yaml", "", "needs a specification; write spec: FILE.yaml"),
                                ("question: leontief", "question: leontief, set: {model.mobility: none}", "the question 'leontief' reads no 'set'; delete it"),
                                ("question: leontief", "question: leontief, scenario: gravity.yaml", "reads no 'scenario'"),
                                ("question: leontief", "question: leontief, spec: gravity.yaml", "reads no 'spec'"),
                                ("spec: gravity.yaml", "spec: none.yaml", "none.yaml"),
                                ("question: leontief", "question: leontieff", "did you mean 'leontief'?"),
                                ("convert: again.sql", "convert: nowhere.sql", "nowhere.sql")):
            with self.subTest(new):
                self.change("case.yaml", old, new)
                self.refused(words, code=6 if "none.yaml" in words or "nowhere" in words else 3)
                shutil.rmtree(self.copy)
                shutil.copytree(ROOT / "tests" / "verify" / "questions", self.copy)

    def test_sql_of_a_step(self):
        self.change("again.sql", "roads_info", "again_info")  # its own answer is not there yet
        self.refused("again.sql:1", "no such table: again_info")

    def test_no_answer(self):
        self.change("case.yaml", "spec: gravity.yaml", "spec: gravity.yaml, options: {pass_limit: 1}")
        self.assertEqual({r["pass"] for r in self.rows(8)}, {False})


class Years(Case):
    """Questions about paths: the case tests/verify/years, whose answers are closed forms."""

    def setUp(self):
        super().setUp()
        shutil.rmtree(self.copy)
        self.copy = self.folder / "cases" / "years"
        self.again()

    def again(self):
        shutil.rmtree(self.copy, ignore_errors=True)
        shutil.copytree(ROOT / "tests" / "verify" / "years", self.copy)
        shutil.copytree(TINY, self.folder / "cases" / "tiny", dirs_exist_ok=True)

    def test_paths_agree_with_closed_forms(self):
        rows = self.rows()
        self.assertEqual({r["pass"] for r in rows}, {True})
        self.assertGreater(rows[0]["passes"], 3)

    def test_a_difference_is_found(self):
        for name, old, new, quantity in (("better.yaml", "change_pct: 10", "change_pct: 10.1", "real GDP by year"),
                                         ("better.yaml", "from_year: 2002", "from_year: 2001", "years in which nothing changes, to the last bit"),
                                         ("case.yaml", "discount: 0.25", "discount: 0.26", "present value"),
                                         ("case.yaml", ", discount: 0.25", "", "present value"),
                                         ("case.yaml", "years: 4,", "years: 5,", "sets of regions"),
                                         ("case.yaml", "question: path}", "question: path, years: 14}", "years when nobody says how many")):
            with self.subTest(new):
                self.again()
                self.change(name, old, new)
                self.assertIn(quantity, [r["quantity"] for r in self.rows(8) if not r["pass"]])

    def test_methods_are_told_apart(self):
        self.assertEqual({r["method"] for r in self.rows(0, "--method", "all")}, {"ladder", "anderson", "newton_krylov", "plain"})

    def test_a_path_that_ends_is_no_agreement(self):
        self.change("case.yaml", "years: 4,", "years: 4, options: {pass_limit: 1},")
        self.assertEqual({r["pass"] for r in self.rows(8)}, {False})

    def test_refused(self):
        for old, new, words in (("{name: whole,", "{name: whole, years: 3,", "the question 'solve' reads no 'years'; delete it"),
                                ("{name: whole,", "{name: whole, discount: 0.1,", "the question 'solve' reads no 'discount'; delete it"),
                                ("years: 4,", "years: 2.5,", "case.yaml:11: years: 2.5 is no whole number"),
                                ("years: 4,", "years: 0,", "case.yaml:11"), ("discount: 0.25", "discount: 1", "case.yaml:11"),
                                ("years: 4,", "spec: a.yaml,", "reads no 'spec'"),
                                ("FROM better_region WHERE variable = 'gdp'", "FROM better_region WHERE variable = 'exports'", "exports"),
                                ("FROM better_years WHERE year > 2000", "FROM better_year WHERE year > 2000", "no such table: better_year")):
            with self.subTest(new):
                self.again()
                if "spec" in new:
                    (self.copy / "a.yaml").write_text("", encoding="utf-8")
                self.change("case.yaml", old, new)
                self.refused(words)


class Numbers(Case):
    def typeof(self, column, cells):
        (self.copy / "extra.csv").write_text("key,x\n" + "".join(f"k,{c}\n" for c in cells), encoding="utf-8")
        self.change("case.yaml", "inputs:", f"inputs:\n  extra: {{file: extra.csv{column}}}")
        self.change("case.yaml", "quantities:", "quantities:\n  - quantity: kinds\n    source: none\n    tolerance: {absolute: 0}\n"
                    "    sql: SELECT x, CASE typeof(x) WHEN 'real' THEN 1 WHEN 'text' THEN 2 ELSE 3 END, 0 FROM extra")
        row = next(r for r in self.rows(8) if r["quantity"] == "kinds")
        shutil.rmtree(self.copy)
        shutil.copytree(TINY, self.copy)
        return row["max_abs_diff"]

    def test_what_is_a_number(self):
        for cells, kind in ((["1", "-2.5", "1e3", "0", "0.5"], 1), (["1", "007"], 2), (["+1"], 2), (["1", "n/a"], 2), (["1", ""], 3)):
            self.assertEqual(self.typeof("", cells), kind, cells)
        self.assertEqual(self.typeof(", text: [x]", ["1", "2"]), 2)

    def test_full_precision(self):
        self.change("flows.csv", "01,10,2,1", "01,10.000000000000002,2,1")
        self.change("case.yaml", "sql: |\n      SELECT origin, sum(f.value), b.value FROM flows f\n      LEFT JOIN books_accounts b ON"
                    " b.region = origin AND b.variable = 'output' GROUP BY origin", "sql: SELECT destination, value, 10 FROM flows"
                    " WHERE origin = '01' AND destination = '01'")
        self.change("case.yaml", "tolerance: {absolute: 1e-12}", "tolerance: {absolute: 0}")
        self.assertEqual(self.rows(8)[1]["max_abs_diff"], 10.000000000000002 - 10)


class Refused(Case):
    def test_sql_of_the_conversion(self):
        self.change("convert.sql", "FROM production;", "FROM productoin;")
        self.refused("convert.sql:4", "no such table: productoin", "CREATE TABLE regions AS SELECT region AS id")
        self.change("convert.sql", "FROM productoin;", "FROM production;\nSELECT 1;")
        self.refused("convert.sql:8", "go nowhere")

    def test_sql_of_a_quantity(self):
        self.change("case.yaml", "e.welfare, r.hat", "e.wellfare, r.hat")
        self.refused("case.yaml:21", "no such column: e.wellfare")
        self.change("case.yaml", "SELECT e.region, e.wellfare, r.hat", "SELECT r.hat")
        self.refused("label, expected, ours")
        self.change("case.yaml", "SELECT r.hat", "SELECT e.region, e.region, r.hat")
        self.refused("'region' holds the text '01'")

    def test_sql_stays_in_memory(self):
        target = self.folder / "made.db"
        for sql in (f"ATTACH '{target}' AS other;", "PRAGMA temp_store = FILE;", f"VACUUM INTO '{target}';",
                    "CREATE TABLE t AS SELECT load_extension('x') AS y;", "CREATE VIRTUAL TABLE t USING dbstat;", "BEGIN;",
                    "DETACH main;", "VACUUM;", f"CREATE TABLE t AS SELECT writefile('{target}', 'x') AS y;"):
            (self.copy / "convert.sql").write_text(sql, encoding="utf-8")
            self.assertIn("convert.sql:1: ", self.bashu(3, "verify", self.copy).stderr, sql)
        self.change("case.yaml", "SELECT e.region, e.welfare, r.hat", "PRAGMA database_list; --")
        shutil.copy(TINY / "convert.sql", self.copy)
        self.refused("case.yaml:21")
        self.assertFalse(target.exists())

    def test_infinite_cells(self):
        self.change("convert.sql", "1 AS people FROM", "9e999 AS people FROM")
        self.refused("table 'people'", "'people' is infinite")

    def test_inputs(self):
        self.change("case.yaml", "keep: [origin]", "keep: [origins]")
        self.refused("flows.csv:1", "origins", "did you mean")
        self.change("case.yaml", "keep: [origins], columns: \"to_\"", "keep: [origin], columns: \"from_\"")
        self.refused("flows.csv", "no column's name begins with 'from_'")
        self.change("case.yaml", "file: flows.csv", "file: flows2.csv")
        self.refused("flows2.csv: there is no such file", code=6)

    def test_columns_without_a_name(self):
        self.change("flows.csv", "origin,", ",")
        self.change("case.yaml", "keep: [origin]", "keep: [column_1]")
        self.change("convert.sql", "SELECT 'goods' AS sector, origin,", "SELECT 'goods' AS sector, column_1 AS origin,")
        self.change("convert.sql", "SELECT origin AS region", "SELECT column_1 AS region")
        self.change("convert.sql", "GROUP BY origin", "GROUP BY column_1")
        self.change("case.yaml", "SELECT origin,", "SELECT column_1,")
        self.change("case.yaml", "b.region = origin", "b.region = column_1")
        self.change("case.yaml", "GROUP BY origin", "GROUP BY column_1")
        self.rows(0)

    def test_words_of_the_case(self):
        for old, new, words in (("question: calibrate", "question: calibrated", "did you mean 'calibrate'"),
                                ("source: \"home", "sources: \"home", "did you mean 'source'"),
                                ("bashu-case/1", "bashu-case/2", "write 'bashu-case/1'"),
                                ("tolerance: {relative: 1e-9}", "tolerance: {}", "{absolute: 1e-9}"),
                                ("name: books", "name: autarky", "two runs are called 'autarky'"),
                                ("  params:", "  par-ams:", "letters, digits and underscores"),
                                ("scenario: autarky.yaml", "scenario: autarky.yaml, set: {model.mobillity: none}", "mobility"),
                                ("scenario: autarky.yaml", "scenario: autarky.yaml, options: {tolerrance: 1}", "did you mean 'tolerance'")):
            self.change("case.yaml", old, new)
            self.refused("case.yaml", words)
            shutil.copy(TINY / "case.yaml", self.copy)

    def test_a_conversion_that_is_no_economy(self):
        self.change("convert.sql", "value_added AS gdp", "2 * value_added AS gdp")
        self.refused("gdp")
        self.change("case.yaml", "production, input_output", "input_output")
        self.refused("production.csv", code=6)


class Shipped(Case):
    def test_closed_forms_agree_and_every_case_is_on_the_page(self):
        told = json.loads(self.bashu(0, "verify", "--cases", ROOT / "validation", "--json").stdout)["cases"]
        self.assertEqual({r["pass"] for r in told if not r["absent"]}, {True})
        page = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
        for name in {r["case"] for r in told}:
            self.assertIn(f"\n## {name}\n", page, "write the page again: bashu verify --markdown > docs/validation.md")
        self.assertEqual({r["case"] for r in told}, {p.parent.name for p in (ROOT / "validation").glob("*/case.yaml")})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
