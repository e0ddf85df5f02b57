"""`bashu bench` from outside: rows as JSON and text, against a file of then, and how it ends.

Usage: test_bench.py PROGRAM SOURCE_ROOT. No test asks how fast this machine is."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
ROOT = pathlib.Path(sys.argv[2])
ROW = {"work", "measure", "value", "low", "high", "goal", "met"}
MACHINE = {"processor", "processors", "threads", "caches", "memory_gb", "read_gb_s", "multiply_add_gflop_s", "compiler", "version"}


def bench(*words, **environment):
    known = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH")
             if name in os.environ}
    known.update({"LC_ALL": "C", "TMPDIR": tempfile.gettempdir()}, **environment)
    return subprocess.run([PROGRAM, "bench", *map(str, words)], capture_output=True, text=True, env=known, timeout=200, cwd=ROOT)


class Bench(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.done = bench("start", "ordinary_31", "--repeats", "5", "--json")
        cls.answer = json.loads(cls.done.stdout or "null")

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bashu-bench-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def ends(self, code, *words, **environment):
        done = bench(*words, **environment)
        self.assertEqual(done.returncode, code, f"{words}\n{done.stdout}\n{done.stderr}")
        return done

    def then(self, **doctored):
        """A file of then: this machine's start_version, but for what is doctored."""
        rows = [{**row, **doctored} for row in self.answer["rows"] if row["work"] == "start_version"]
        path = self.folder / "then.json"
        path.write_text(json.dumps({**self.answer, "rows": rows}), encoding="utf-8")
        return path

    def slowed(self, *words):
        """With a program that takes long to start: its loader writes down whatever it does."""
        return {"LD_DEBUG": "all", "LD_DEBUG_OUTPUT": str(self.folder / "loader")}

    def test_structure(self):
        self.assertEqual(self.done.returncode, 0, self.done.stderr)
        self.assertEqual(self.answer.keys(), {"machine", "rows"})
        self.assertEqual(self.answer["machine"].keys(), MACHINE)
        self.assertGreater(self.answer["machine"]["multiply_add_gflop_s"], 0)
        self.assertEqual([row["work"] for row in self.answer["rows"]], ["ordinary_31", "start_version", "start_run"])
        for row in self.answer["rows"]:
            self.assertLessEqual(ROW, row.keys())
            self.assertLessEqual(row["low"], row["value"])
            self.assertLessEqual(row["value"], row["high"])
            self.assertEqual(row["met"], row["value"] <= row["goal"])
            self.assertEqual(row["at"], "most")
            self.assertGreaterEqual(row["repeats"], 1 if row["measure"] == "passes" else 5)

    def test_text_in_two_languages(self):
        done = self.ends(0, "start_version")
        self.assertIn("Machine", done.stdout)
        line = next(line for line in done.stdout.splitlines() if "start_version" in line)
        self.assertRegex(line, r"ms +[\d.]+ +\([\d.]+ - [\d.]+\) +<= 5 +(met|missed)")
        self.assertIn("目标", self.ends(0, "start_version", "--lang", "zh").stdout)

    def test_what_cannot_be_measured_says_why(self):
        done = self.ends(0, "threads_2000", "-j1", "--json")
        row = json.loads(done.stdout)["rows"][0]
        self.assertIsNone(row["value"])
        self.assertFalse(row["met"])
        self.assertIn("two threads", row["note"])
        self.assertIn("two threads", self.ends(0, "threads_2000", "-j1").stdout)
        # and was met elsewhere: no reason to complain
        path = self.folder / "then.json"
        path.write_text(json.dumps({"rows": [{**row, "value": 1.9, "met": True}]}), encoding="utf-8")
        self.ends(0, "threads_2000", "-j1", "--compare", path)

    def test_worse_than_then(self):
        path = self.then(met=True, value=1.25)
        done = bench("start_version", "--compare", path, **self.slowed())
        if "missed" not in done.stdout:
            self.skipTest("the loader cannot be slowed down here")
        self.assertEqual(done.returncode, 8, done.stderr)
        self.assertIn("1.25", done.stdout)
        self.assertIn("[was met]", done.stdout)
        done = bench("start_version", "--json", "--compare", path, **self.slowed())
        self.assertEqual(done.returncode, 8, done.stderr)
        row = json.loads(done.stdout)["rows"][0]
        self.assertEqual((row["then"], row["met_then"], row["met"]), (1.25, True, False))

    def test_missed_then_too(self):
        path = self.then(met=False, value=999)
        self.assertIn("999", self.ends(0, "start_version", "--compare", path).stdout)
        self.ends(0, "start_version", "--compare", path, **self.slowed())

    def test_another_machine_is_named(self):
        path = self.folder / "then.json"
        path.write_text(json.dumps({"machine": {"processor": "abacus"}, "rows": []}), encoding="utf-8")
        self.assertIn("abacus", self.ends(0, "start_version", "--compare", path).stdout)

    def test_wrong_words(self):
        self.assertIn("did you mean 'growth'", self.ends(2, "growht").stderr)
        self.assertIn("did you mean 'batch_340'", self.ends(2, "batch_341").stderr)
        self.assertIn("did you mean 'static'", self.ends(2, "statik").stderr)
        self.assertIn("there are:", self.ends(2, "everything").stderr)
        self.assertIn("at least 5", self.ends(2, "start", "--repeats", "4").stderr)
        self.assertIn("bench static", self.ends(2, "start", "--tolerance", "1e-8").stderr)
        self.assertIn("usage", self.ends(2, "static", "a", "b").stderr)
        self.assertIn("cannot be read", self.ends(6, "start", "--compare", self.folder / "missing.json").stderr)
        broken = self.folder / "broken.json"
        broken.write_text("{", encoding="utf-8")
        self.assertIn("broken.json:", self.ends(3, "start", "--compare", broken).stderr)

    def test_help_says_how_it_ends(self):
        text = self.ends(0, "--help").stdout
        self.assertIn("exit 8", text)
        self.assertIn("--compare FILE", text)

    def test_interrupt(self):
        child = subprocess.Popen([PROGRAM, "bench", "ordinary_2000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                 env={"LC_ALL": "C"}, cwd=ROOT)
        time.sleep(0.5)
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=100)
        self.assertEqual(child.returncode, 130)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
