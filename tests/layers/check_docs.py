#!/usr/bin/env python3
"""The documents name what there is: check_docs.py ROOT

- a path in backticks that begins with a folder of the project exists;
- docs/benchmarks.md names every row of bench/rows.c;
- docs/architecture.md names every source file of src/, cli/ and bench/;
- docs/model.md names every elasticity, switch, lever and block, and the names in its codebook are words of the code."""
import pathlib
import re
import sys

FOLDERS = ("src/", "validation/", "cli/", "bench/", "include/", "tests/", "tools/", "docs/", "economies/", "scenarios/", "examples/", "models/")
DOCUMENTS = ["*.md", "docs/*.md", "docs/models/*.md"]


def paths(root):
    for pattern in DOCUMENTS:
        for document in sorted(root.glob(pattern)):
            for word in re.findall(r"`([^`\s]+)`", document.read_text(encoding="utf-8")):
                name = word.split("#")[0].rstrip("/.,")
                if word.startswith(FOLDERS) and not re.search(r"[*A-Z<{$]", name.replace("README", "")) and not (root / name).exists():
                    yield f"{document.relative_to(root)}: there is no `{word}`"


def files(root):
    text = (root / "docs/architecture.md").read_text(encoding="utf-8")
    for folder in ("src", "cli", "bench"):
        for path in sorted((root / folder).rglob("*.c")):
            if f"`{path.name}`" not in text and f"`{path.stem}`" not in text:
                yield f"docs/architecture.md: says nothing of {path.relative_to(root)}"


def benchmarks(root):
    text = (root / "docs/benchmarks.md").read_text(encoding="utf-8")
    works = re.findall(r'^    \{\{"(\w+)",', (root / "bench/rows.c").read_text(encoding="utf-8"), re.MULTILINE)
    if len(works) < 20:
        yield "bench/rows.c: the rows are not where they were; mend check_docs.py"
    for work in sorted(set(works) - {"ordinary_340", "ordinary_2000"}):
        if f"`{work}`" not in text:
            yield f"docs/benchmarks.md: says nothing of {work}"


def tables(root):
    model = (root / "docs/model.md").read_text(encoding="utf-8")
    code = (root / "src/accounts/tables.c").read_text(encoding="utf-8")
    names = re.findall(r'^\s*(?:\[\w+\] = )?\{"(\w+)",', code, re.MULTILINE)
    if len(names) < 20:
        yield "src/accounts/tables.c: the rows are not where they were; mend check_docs.py"
    names += [path.name for path in (root / "src/blocks").glob("*.c")]
    for name in names:
        if not re.search(rf"\b{re.escape(name)}\b", model):
            yield f"docs/model.md: says nothing of {name}"


def codebook(root):
    model = (root / "docs/model.md").read_text(encoding="utf-8")
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted((root / "src").rglob("*.[ch]")))
    words = set(re.findall(r"\w+", code))
    part = model.partition("## Codebook")[2].partition("\n## ")[0]
    rows = [line.split("|") for line in part.splitlines() if line.startswith("|")]
    rows = [row for row in rows if len(row) > 6 and not row[1].strip().startswith(("symbol", "---"))]
    if len(rows) < 30:
        yield "docs/model.md: the codebook is not where it was; mend check_docs.py"
    for row in rows:
        for name in re.findall(r"`(\w+)[^`]*`", row[2]):
            if name not in words:
                yield f"docs/model.md, codebook: no `{name}` in the code"
        for name in re.findall(r"`([^`]+\.c)`", row[6]):
            if not (root / "src" / name).exists():
                yield f"docs/model.md, codebook: no src/{name}"


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    problems = [*paths(root), *files(root), *benchmarks(root), *tables(root), *codebook(root)]
    print("\n".join(problems) if problems else "the documents name what there is")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
