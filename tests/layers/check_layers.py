#!/usr/bin/env python3
"""A folder of src/ includes only itself and folders above it; what is outside of src/ uses the public header alone, but that
cli/ has bench/bench.h too, and bench/, which measures the inside, may use any public part of src/.

    check_layers.py ROOT          exit 1 names every include that breaks a rule
    check_layers.py --self-test   breaks each rule on purpose and checks that it is noticed

The order of the folders is read from the list in meson.build, so that it is stated once."""
import pathlib
import re
import sys
import tempfile

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]')
PUBLIC = "bashu/bashu.h"
BENCH = "bench/bench.h"
OUTSIDE = {"cli": {PUBLIC, BENCH}, "examples": {PUBLIC}}  # what of ours they may use besides their own
# economics meets numerics only in calibrate/ and equilibrium/
FORBIDDEN = {("blocks", "solve"): "blocks/ never includes solve/"}
# headers about the inside of one folder
PRIVATE = {"core/context.h", "linalg/bilateral_blocks.h", "linalg/bilateral_rows.h", "solve/ladder.h", "input/economy_parts.h", "input/scenario_parts.h", "measure/fill.h", "input/long_table.h", "input/text.h",
           "estimate/absorb.h", "estimate/fit.h", "estimate/spec.h", "verify/asked.h", "report/map_parts.h", "routing/parts.h", "graph/arcs.h"}


def layers(root):
    text = (root / "meson.build").read_text(encoding="utf-8")
    found = re.search(r"foreach folder : \[([^\]]*'core'[^\]]*)\]", text)
    if not found:
        raise SystemExit("meson.build: the list of folders of src/ is not where it was; mend check_layers.py")
    return re.findall(r"'(\w+)'", found.group(1))


def includes(path):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        found = INCLUDE.match(line)
        if found:
            yield number, found.group(1)


def inside(root, order):
    """Broken rules of src/, as (path, line, words)."""
    for folder in sorted(p for p in (root / "src").iterdir() if p.is_dir()):
        if folder.name not in order and any(folder.glob("*.[ch]")):
            yield folder, 0, f"folder {folder.name}/ is not in the list of layers of meson.build"
            continue
        for path in sorted(folder.rglob("*.[ch]")):
            for number, name in includes(path):
                if name == PUBLIC:
                    continue
                target = name.split("/")[0] if "/" in name else folder.name
                if ".." in name.split("/"):
                    yield path, number, f"'{name}' climbs out of its folder"
                elif (folder.name, target) in FORBIDDEN:
                    yield path, number, FORBIDDEN[folder.name, target]
                elif target in ("bench", "cli"):
                    yield path, number, f"'{name}' is outside of src/"
                elif target in order and order.index(target) > order.index(folder.name):
                    yield path, number, f"{folder.name}/ includes {target}/, which is below it"
                elif name in PRIVATE and target != folder.name:
                    yield path, number, f"'{name}' is private to {target}/"


def outside(root, order):
    for name, allowed in OUTSIDE.items():
        folder = root / name
        for path in sorted(folder.rglob("*.[ch]")) if folder.is_dir() else []:
            for number, header in includes(path):
                parts = header.split("/")
                own = ".." not in parts and (folder / header).exists()
                if header not in allowed and not own and parts[0] in order + ["bashu", "src", "bench", "cli", ".."]:
                    yield path, number, f"{name}/ includes '{header}'; it may use {' and '.join(sorted(allowed))} alone"


def measuring(root):
    """bench/ knows the inside of the library, but no folder's own headers, and nothing of the command line."""
    folder = root / "bench"
    for path in sorted(folder.rglob("*.[ch]")) if folder.is_dir() else []:
        for number, name in includes(path):
            if name in PRIVATE:
                yield path, number, f"'{name}' is private to {name.split('/')[0]}/"
            elif name.split("/")[0] in ("cli", ".."):
                yield path, number, f"bench/ includes '{name}'; it knows nothing of the command line"


def check(root):
    order = layers(root)
    problems = [*inside(root, order), *outside(root, order), *measuring(root)]
    return [f"{path.relative_to(root)}:{number}: {words}" for path, number, words in problems]


def self_test():
    clean = {
        "meson.build": "foreach folder : ['core', 'solve',\n 'accounts', 'blocks', 'equilibrium']\nendforeach\n",
        "src/core/core.h": f'#include "{PUBLIC}"\n#include <stddef.h>\n',
        "src/core/core.c": '#include "core/context.h"\n',
        "src/core/context.h": '#include "core/core.h"\n',
        "src/blocks/goods.c": '#include "accounts/accounts.h"\n/* #include "solve/solve.h" */\n',
        "src/equilibrium/static.c": '#include "blocks/blocks.h"\n#include "solve/solve.h"\n',
        "cli/main.c": f'#include "cli.h"\n#include "{PUBLIC}"\n#include <sys/types.h>\n',
        "cli/cli.h": f"#include <{PUBLIC}>\n#include \"{BENCH}\"\n",
        "bench/pass.c": '#include "parts.h"\n#include "core/core.h"\n#include "solve/solve.h"\n',
        "bench/parts.h": '#include "bench.h"\n',
        "bench/bench.h": f'#include "{PUBLIC}"\n',
        "examples/one.c": f"#include <{PUBLIC}>\n",
    }
    broken = {  # file, what it includes, words that must be in the message
        "below": ("src/accounts/shock.c", "blocks/blocks.h", "below it"),
        "below by angle": ("src/core/number.c", "<accounts/accounts.h>", "below it"),
        "numerics in blocks": ("src/blocks/trade.c", "solve/solve.h", "never includes"),
        "private": ("src/solve/anderson.c", "core/context.h", "private to core/"),
        "climbs": ("src/core/number.c", "../blocks/blocks.h", "climbs"),
        "unknown folder": ("src/misc/misc.c", "core/core.h", "list of layers"),
        "command line": ("cli/run.c", "core/core.h", "alone"),
        "example": ("examples/two.c", "../src/core/core.h", "alone"),
        "inside of bench": ("cli/bench.c", "bench/parts.h", "alone"),
        "example of bench": ("examples/two.c", "bench/bench.h", "alone"),
        "private to a folder": ("bench/sweep.c", "core/context.h", "private to core/"),
        "bench of the command line": ("bench/start.c", "cli/cli.h", "command line"),
        "bench in the library": ("src/solve/anderson.c", "bench/bench.h", "outside of src/"),
    }
    failures = 0
    for name, change in {"clean": None, **broken}.items():
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            files = dict(clean)
            if change:
                header = change[1] if change[1].startswith("<") else f'"{change[1]}"'
                files[change[0]] = f"int x;\n  # include {header}\n"
            for path, text in files.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text, encoding="utf-8")
            found = check(root)
        good = not found if change is None else len(found) == 1 and change[2] in found[0] and change[0].rsplit("/", 1)[0] in found[0]
        failures += not good
        print(f"{'ok' if good else 'NOT OK'}: {name}: {found}")
    return failures


def main():
    if sys.argv[1:] == ["--self-test"]:
        return 1 if self_test() else 0
    problems = check(pathlib.Path(sys.argv[1]).resolve())
    print("\n".join(problems) if problems else "every folder includes only folders above it")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
