"""report.html in a browser: no script, no request, no complaint; every region drawn; both languages by the switch; printed on A4.

Usage: test_report.py PROGRAM SOURCE_ROOT [Contents | Browser]. `Browser` alone exits with 77, skipped, where there is no Chromium; `Contents` needs none."""
import csv
import html
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
ROOT = pathlib.Path(sys.argv[2])
LANTERN = ROOT / "economies" / "lantern"
TWIN = ROOT / "tests" / "cli" / "twin.yaml"
GAME = ROOT / "tests" / "cli" / "game.yaml"
COOPERATION = ROOT / "scenarios" / "cooperation.yaml"
BROWSER = next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)
VOID = {"meta", "input", "br", "hr", "img", "link", "line", "rect", "circle", "path"}


def regions(economy):
    """All but the rest of the world."""
    foreign = re.search(r"^foreign: (\w+)", (economy / "economy.yaml").read_text(encoding="utf-8"), re.MULTILINE)[1]
    with open(economy / "regions.csv", encoding="utf-8", newline="") as file:
        return {row["id"] for row in csv.DictReader(file)} - {foreign}


def error_cells(fit):
    """As a page has them: a zero without a sign and decimals."""
    bias = percent(fit["bias_pct"], 1) if round(fit["bias_pct"], 1) else "0"
    return f'<td class="r">{fit["count"]:,}</td>\n<td class="r">{bias}&#160;%</td>\n<td class="r">{fit["ninety_pct"]:.1f}&#160;%</td>'


def members(economy, circle):
    with open(economy / "regions.csv", encoding="utf-8", newline="") as file:
        return {row["id"] for row in csv.DictReader(file) if row["circle"] == circle}


def percent(value, decimals=2):
    text = f"{value:+.{decimals}f}"
    return text if float(text) else text[1:]


class Page(html.parser.HTMLParser):
    """The tree flattened to what tests ask: elements with their attributes, text by language, headings, tables."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.problems, self.headings, self.text = [], [], [], [], {"en": "", "zh": "", "": ""}
        self.feed(text)
        self.problems += [f"<{tag}> is not closed" for tag, _ in self.open]

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag in ("h1", "h2", "h3"):
            self.headings.append(tag)
        if tag not in VOID or (tag in ("path", "circle", "rect") and not self.get_starttag_text().endswith("/>")):
            self.open.append((tag, dict(attributes)))

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if not self.open or self.open[-1][0] != tag:
            self.problems.append(f"</{tag}> at {self.getpos()} closes {self.open[-1][0] if self.open else 'nothing'}")
            while self.open and self.open[-1][0] != tag:
                self.open.pop()
        if self.open:
            self.open.pop()

    def handle_data(self, data):
        languages = [a["lang"] for tag, a in self.open if "lang" in a and tag != "html"]
        if not any(tag in ("style", "title") for tag, _ in self.open):
            self.text[languages[-1] if languages else ""] += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def chromium(*words):
    profile = tempfile.mkdtemp(prefix="bashu-browser-")
    try:
        return subprocess.run([BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                               "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--enable-logging=stderr", "--v=0",
                               f"--user-data-dir={profile}", *map(str, words)], capture_output=True, text=True, timeout=120)
    finally:
        shutil.rmtree(profile, ignore_errors=True)


class Case(unittest.TestCase):
    folder = None

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="bashu-report-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)

    def says(self, part, source):
        if part not in source: # assertIn would print the page
            self.fail(f"not there: {part}")

    @classmethod
    def report(cls, scenario, name, *words):
        known = {k: v for k, v in os.environ.items() if k in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH")}
        out = cls.folder / name
        done = subprocess.run([PROGRAM, "run", scenario, "-o", out, "-q", *words], capture_output=True, text=True, env={**known, "LC_ALL": "C"}, timeout=300)
        assert done.returncode == 0, done.stderr
        return out / "report.html"


class Contents(Case):
    """What needs no browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.path = cls.report(TWIN, "twin")
        cls.source = cls.path.read_text(encoding="utf-8")
        cls.page = Page(cls.source)

    def test_one_file_without_scripts_or_requests(self):
        self.assertEqual(self.page.problems, [])
        self.assertFalse(self.page.all("script") or self.page.all("link") or self.page.all("img") or self.page.all("iframe"))
        for tag, attributes in self.page.elements:
            for name, value in attributes.items():
                self.assertFalse(name.startswith("on") or name == "src", (tag, name))
                if name == "href":
                    self.assertTrue(value.startswith("#"), value)
        self.assertEqual(re.findall(r"url\((?!#)|@import|@font-face", self.source), [])
        self.assertEqual(set(re.findall(r"https?://[^\"' <]+", self.source)), {"http://www.w3.org/2000/svg"})

    def test_ids_are_unique_and_links_arrive(self):
        ids = [attributes["id"] for _, attributes in self.page.elements if "id" in attributes]
        self.assertEqual(len(ids), len(set(ids)))
        targets = {a["href"][1:] for a in self.page.all("a")} | {a["for"] for a in self.page.all("label")} | set(re.findall(r"url\(#([^)]+)\)", self.source))
        self.assertTrue(targets <= set(ids), targets - set(ids))

    def test_headings_tables_and_pictures_can_be_read_aloud(self):
        self.assertEqual(self.page.headings.count("h1"), 1)
        level = 1
        for heading in self.page.headings:
            self.assertLessEqual(int(heading[1]), level + 1)
            level = int(heading[1])
        self.assertEqual(len(self.page.all("table")), len(self.page.all("caption")))
        self.assertTrue(all(a.get("scope") in ("col", "row") for a in self.page.all("th")))
        self.assertEqual(len(self.page.all("svg")), len(re.findall(r"<svg [^>]*role=\"img\"[^>]*>\s*<title>[^<]+ / [^<]+</title>", self.source)))
        self.assertEqual(len(self.page.all("figure")), len(self.page.all("figcaption")))

    def test_everything_is_said_twice(self):
        spans = [a.get("lang") for tag, a in self.page.elements if tag in ("span", "text", "g") and "lang" in a]
        self.assertEqual(spans.count("en"), spans.count("zh"))
        self.assertGreater(spans.count("zh"), 300)
        self.assertEqual(re.findall(r"[\u4e00-\u9fff]", self.page.text["en"]), [])
        chinese = re.findall(r"[\u4e00-\u9fff]", self.page.text["zh"])
        self.assertGreater(len(chinese), 2000)

    def test_sections(self):
        ids = re.findall(r'<section id="(\w+)">', self.source)
        self.assertEqual(ids, ["question", "answer", "maps", "places", "changes", "network", "circles", "clusters", "method", "data", "certificate", "manifest", "glossary"])
        with_players = self.report(GAME, "game").read_text(encoding="utf-8")
        self.says('<section id="cooperation">', with_players)
        for words in ("no deal", "acts alone", "joint deal", "Shapley value", "least core", "payment"):
            self.says(words, with_players)
        five = self.folder / "five.yaml"
        text = GAME.read_text(encoding="utf-8").replace("../../economies", str(ROOT.resolve() / "economies")).replace("place: [brook, cinder]}", "place: [brook]}")
        five.write_text(text.replace("changes:", "  - {id: c, title: C, place: [cinder]}\n  - {id: e, title: E, place: [elm]}\nchanges:", 1), encoding="utf-8")
        with_five = self.report(five, "five").read_text(encoding="utf-8")
        self.says("bashu cooperate", with_five)
        self.assertEqual(re.findall("Shapley value</span><span", with_five.split('<section id="glossary">')[0]), [])

    def test_numbers_are_those_of_the_other_files(self):
        with open(self.path.parent / "result.json", encoding="utf-8") as file:
            answer = json.load(file)
        for key in ("gdp_pct", "population_pct", "real_wage_pct", "welfare_pct"):
            self.says(f'<p class="big">{percent(answer["focus"][key])}&#160;%</p>', self.source)
        low, high = (percent(answer["range"][end]["gdp_pct"]) for end in ("low", "high"))
        self.says(f"between {low}&#160;% and {high}&#160;%", self.source)
        for change in answer["changes"]:
            cells = [percent(change[key]) for key in ("gdp_pct", "population_pct", "real_wage_pct", "welfare_pct")]
            self.says("\n".join(f'<td class="r">{cell}</td>' for cell in cells), self.source)

    def test_every_region_is_drawn(self):
        first = self.source.split("</svg>")[1]  # the first svg are the bars
        self.assertEqual(set(re.findall(r'data-region="([^"]+)"', first)), regions(LANTERN))

    def section(self, name):
        return re.search(rf'<section id="{name}">.*?</section>', self.source, re.DOTALL)[0]

    def test_the_network(self):
        """Lantern's line between its two cities, and what bashu links and bashu network say of it."""
        text = self.section("network")
        pictures = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
        self.assertEqual(len(pictures), 3)  # what links carry, and times from two places
        self.assertEqual(re.findall(r"<title>([^<]*95 → 60 min)</title>", pictures[0]), ["Alder station - Dune station / 桤城站 - 沙港站: 95 → 60 min"])
        for picture in pictures[1:]:
            self.assertTrue(members(LANTERN, "twin") <= set(re.findall(r'data-region="([^"]+)"', picture)))
        times = re.search(r"<table>\s*<caption>[^\n]*Travel time of people in minutes, before and after.*?</table>", text, re.DOTALL)[0]
        dune = re.search(r'<th scope="row">[^\n]*Dune.*?</tr>', times, re.DOTALL)[0]
        self.says('<td class="r">135 → 100</td>', dune)  # 20 to the station, 95 or 60 by train, 20 from it
        alone = re.search(r"<table>\s*<caption>[^\n]*What each change of links does by itself.*?</table>", text, re.DOTALL)[0]
        self.says("95 → 60", alone)
        done = subprocess.run([PROGRAM, "links", "--scenario", TWIN, "--exact", "6", "--csv"], capture_output=True, text=True, check=True, timeout=100)
        rows = list(csv.DictReader(done.stdout.splitlines()))
        shown = re.search(r"<table>\s*<caption>[^\n]*The links that matter most.*?</table>", text, re.DOTALL)[0]
        cells = [re.findall(r'<td class="r">([^<]*)</td>', row) for row in re.findall(r"<tr>.*?</tr>", shown, re.DOTALL)][1:]
        wanted = [row for row in rows if "RSEA" not in (row["from_node"], row["to_node"])][:10]  # the way abroad is named below the table
        self.assertEqual(len(cells), min(10, len(wanted)))
        names = [name for name in rows[0] if name.endswith(("_first_order_pct", "_exact_pct"))]
        self.assertEqual(len(names), 4)
        for row, numbers in zip(wanted, cells):
            self.assertEqual(float(numbers[0]), round(float(row["minutes"])))
            for name, number in zip(names, numbers[2:]):
                self.assertEqual(number, percent(float(row[name]), 3) if row[name] else "")
        done = subprocess.run([PROGRAM, "network", LANTERN, "--json"], capture_output=True, text=True, check=True, timeout=100)
        for fit in json.loads(done.stdout)["fit"]:
            if fit["ways"] == "all" and fit["count"]:
                self.says(error_cells(fit), text)

    def test_the_same_bytes_again_and_the_language_that_is_asked_for(self):
        self.assertTrue(self.source == self.report(TWIN, "again", "-j", "1").read_text(encoding="utf-8"))
        chinese = self.report(TWIN, "zh", "--lang", "zh").read_text(encoding="utf-8")
        self.says('<html lang="zh">', chinese)
        self.says('id="zh" checked', chinese)
        self.says('id="en" checked', self.source)

    def test_nothing_changes(self):
        source = self.report(ROOT / "tests" / "cli" / "nothing.yaml", "nothing").read_text(encoding="utf-8")
        self.assertEqual(Page(source).problems, [])
        self.says("Nothing changes", source)
        self.assertEqual(re.findall(r'<section id="changes">|>-?nan', source), [])


@unittest.skipUnless(BROWSER, "chromium is not here")
class Browser(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.path = cls.report(COOPERATION, "china", "--starts", "0")
        cls.source = cls.path.read_text(encoding="utf-8")

    def quiet(self, done):
        """Chromium itself complains of the machine (no bus, no graphics card); of the page nothing."""
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([line for line in done.stderr.splitlines() if "CONSOLE" in line or "net_error" in line], [])

    def test_no_complaint_and_every_region(self):
        done = chromium("--dump-dom", self.path.as_uri())
        self.quiet(done)
        dom = Page(done.stdout)
        drawn = [a["data-region"] for _, a in dom.elements if "data-region" in a]
        self.assertEqual(set(drawn), regions(ROOT / "economies" / "china2020"))
        self.assertEqual(len(dom.all("svg")), len(re.findall("<svg", self.source)))

    def test_the_network_is_drawn(self):
        """Outlines that maps share are seen in each of them; links above them, in pink the one that the scenario makes faster."""
        circle = members(ROOT / "economies" / "china2020", "CCEC")
        probe = self.folder / "drawn.html"
        script = ("<script>document.title=[...document.querySelectorAll('#network svg')].map(s=>[...s.querySelectorAll('[data-region]')].filter(e=>e.getBoundingClientRect().width>0)"
                  ".map(e=>e.dataset.region).join(',')+'/'+[...s.querySelectorAll('path[stroke]')].filter(e=>e.getBoundingClientRect().width>0).length"
                  "+'/'+[...s.querySelectorAll('path[stroke=\"#d6336c\"]')].map(e=>e.textContent).join('')).join(';')</script></body>")
        probe.write_text(self.source.replace("</body>", script, 1), encoding="utf-8")
        title = html.unescape(re.search(r"<title>([^<]*)</title>", chromium("--dump-dom", probe.as_uri()).stdout.replace("\n", " "))[1])
        pictures = [part.split("/", 2) for part in title.split(";")]
        self.assertEqual(len(pictures), 3)
        for drawn, _, _ in pictures:
            self.assertTrue(circle <= set(drawn.split(",")), circle - set(drawn.split(",")))
        self.assertGreater(int(pictures[0][1]), 20)
        self.assertEqual(pictures[0][2], "Chengdu station - Chongqing station / 成都站 - 重庆站: 62 → 50 min")
        self.assertTrue(all(int(lines) == 0 for _, lines, _ in pictures[1:]))

    def test_a_complaint_would_be_seen(self):
        broken = self.folder / "broken.html"
        broken.write_text(self.source.replace("</main>", "<script>undefined.x</script></main>", 1), encoding="utf-8")
        self.assertIn("CONSOLE", chromium("--dump-dom", broken.as_uri()).stderr)

    def shown(self, language):
        """The page as the switch shows it, asked of the browser: a script counts what is displayed and writes it into the title."""
        probe = self.folder / f"probe-{language}.html"
        script = ("<script>document.getElementById('%s').checked=true;const n=l=>[...document.querySelectorAll('[lang='+l+']')].filter(e=>e.getClientRects().length).length;"
                  "document.title='en '+n('en')+' zh '+n('zh')+' wide '+(document.documentElement.scrollWidth>innerWidth)</script></body>" % language)
        probe.write_text(self.source.replace("</body>", script, 1).replace('<html lang="en">', "<html>"), encoding="utf-8")
        title = re.search(r"<title>en (\d+) zh (\d+) wide (\w+)</title>", chromium("--dump-dom", "--window-size=390,844", probe.as_uri()).stdout)
        return int(title[1]), int(title[2]), title[3]

    def test_one_language_at_a_time_and_no_wider_than_a_phone(self):
        english, chinese, wide = self.shown("en")
        self.assertTrue(english > 300 and chinese == 0, (english, chinese))
        self.assertEqual(wide, "false")
        english, chinese, wide = self.shown("zh")
        self.assertTrue(chinese > 300 and english == 0, (english, chinese))
        self.assertEqual(wide, "false")

    def test_printed_on_a4(self):
        pdf = self.folder / "report.pdf"
        self.quiet(chromium("--no-pdf-header-footer", f"--print-to-pdf={pdf}", self.path.as_uri()))
        content = pdf.read_bytes()
        boxes = set(re.findall(rb"/MediaBox\s*\[([^\]]+)\]", content))
        self.assertTrue(boxes and all(abs(float(b.split()[2]) - 595) < 1 and abs(float(b.split()[3]) - 842) < 1 for b in boxes), boxes)
        pages = len(re.findall(rb"/Type\s*/Page\b", content))
        self.assertTrue(5 <= pages <= 24, pages)

    def test_it_looks_like_something(self):
        picture = self.folder / "report.png"
        self.quiet(chromium("--window-size=1000,3000", f"--screenshot={picture}", self.path.as_uri()))
        self.assertGreater(picture.stat().st_size, 100_000)


if __name__ == "__main__":
    if not BROWSER and "Browser" in sys.argv[3:]:
        print("browser: chromium is not here (tools/setup --browser installs it on Debian)")
        sys.exit(77)
    unittest.main(argv=["test_report.py", *sys.argv[3:]], verbosity=1)
