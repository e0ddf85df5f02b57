#!/usr/bin/env python3
"""From 2010 to 2020: what the model says of where people would be, against the census and against naive forecasts.

    backcast.py PROGRAM        e.g. economies/china2020/backcast.py build/bashu

An economy of 2010 is made of this one: people of the census of 2010 on the boundaries of 2020 (facts/regions.csv), GDP per head, sectors, trade
and everything else as in 2020, because no facts of 2010 but people are at hand. That is generous: GDP per head of 2020 knows part of the outcome.
`bashu path` follows it for ten years without a scenario, and its people by place are held against the census of 2020. Only the standard library."""

import csv
import io
import math
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCALED = {"regions.csv": ("id", ["people", "gdp", "circle_people"]), "people.csv": ("region", ["people"]),
          "production.csv": ("region", ["value_added"]), "migration.csv": ("region", ["from_same_area", "from_other_areas"])}


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ratios():
    """People of 2010 over people of 2020 of each region; Chongqing's districts as the municipality; no figure: 1."""
    known = {r["adcode"]: float(r["pop2010"]) / float(r["pop2020"]) for r in rows_of(HERE / "facts/regions.csv") if r["pop2010"] and r["pop2020"]}
    return {r["id"]: known.get("500000" if r["city"] == "500000" else r["id"]) for r in rows_of(HERE / "regions.csv")}


def write_2010(folder, ratio):
    for path in HERE.iterdir():
        if path.suffix in (".csv", ".yaml") and path.name != "claims.yaml":
            shutil.copy(path, folder)
    for name, (key, columns) in SCALED.items():
        rows = rows_of(HERE / name)
        for row in rows:
            for column in columns:
                if row.get(column):
                    row[column] = repr(float(row[column]) * (ratio[row[key]] or 1))
        with open(folder / name, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def forecast(program, folder, law):
    done = subprocess.run([program, "path", HERE.parent.parent / "scenarios/nothing.yaml", "--economy", folder, "--years", "10", "--csv", "-q",
                           "--set", "model.time=growth", "--set", "model.innovation=" + law], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    first, last = min(int(r["year"]) for r in rows), max(int(r["year"]) for r in rows)
    people = {(int(r["year"]), r["id"]): float(r["population_base"]) for r in rows}
    return {r["id"]: (people[first, r["id"]], people[last, r["id"]]) for r in rows}


def fit(forecast_of, actual):
    """Of log changes of shares of the nation's people: root of the mean squared error weighted by people, and correlation."""
    weight = {n: actual[n][0] for n in actual}
    whole = math.fsum(weight.values())
    totals = [math.fsum(v[k] for v in actual.values()) for k in (0, 1)]
    made = [math.fsum(forecast_of[n][k] for n in actual) for k in (0, 1)]
    x = {n: math.log(forecast_of[n][1] / made[1]) - math.log(forecast_of[n][0] / made[0]) for n in actual}
    y = {n: math.log(actual[n][1] / totals[1]) - math.log(actual[n][0] / totals[0]) for n in actual}
    mean = lambda v: math.fsum(weight[n] * v[n] for n in v) / whole
    error = math.sqrt(mean({n: (x[n] - y[n]) ** 2 for n in x}))
    mx, my = mean(x), mean(y)
    sxx, syy = mean({n: (x[n] - mx) ** 2 for n in x}), mean({n: (y[n] - my) ** 2 for n in y})
    sxy = mean({n: (x[n] - mx) * (y[n] - my) for n in x})
    return error, sxy / math.sqrt(sxx * syy) if sxx > 1e-18 else float("nan")


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: backcast.py PROGRAM")
    ratio = ratios()
    now = {r["id"]: float(r["people"]) for r in rows_of(HERE / "regions.csv")}
    actual = {n: (now[n] * ratio[n], now[n]) for n in now if ratio[n] and not n.startswith("5001") and not n.startswith("5002")}
    print(f"{len(actual)} places, 2010 to 2020: log change of the share of the nation's people")
    print(f"{'forecast':44s} {'error (rms)':>12s} {'correlation':>12s}")
    naive = {n: (a, a) for n, (a, b) in actual.items()}
    grown = math.fsum(b for _, b in actual.values()) / math.fsum(a for a, _ in actual.values())
    level = math.sqrt(math.fsum(a * math.log(b / a) ** 2 for a, b in actual.values()) / math.fsum(a for a, _ in actual.values()))
    print(f"{'no change (of people, not of shares)':44s} {level:12.4f} {'-':>12s}")
    print(f"{'national growth everywhere (%+.1f %%)' % (100 * (grown - 1)):44s} {fit(naive, actual)[0]:12.4f} {'-':>12s}")
    with tempfile.TemporaryDirectory() as folder:
        write_2010(Path(folder), ratio)
        for law in ("research", "market"):
            error, correlation = fit(forecast(sys.argv[1], folder, law), actual)
            print(f"{'model, innovation: ' + law:44s} {error:12.4f} {correlation:12.3f}")


if __name__ == "__main__":
    main()
