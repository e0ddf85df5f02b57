#!/usr/bin/env python3
"""From 2010 to 2020: what the model says of where people and output would be, against the census, the accounts and naive forecasts.

    backcast.py PROGRAM        e.g. economies/china2020/backcast.py build/bashu

An economy of 2010 is made of this one: people of the census of 2010 on the boundaries of 2020 (facts/regions.csv), GDP of the 31 provinces in 2010
(facts/provinces_2010.csv), within a province by GDP per head of 2020, and sectors, trade and everything else as in 2020, because no other facts of
2010 are at hand. `bashu path` follows it for ten years without a scenario, and people by place and output by province are held against 2020. Only
the standard library."""

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
OUTPUT = ("gdp", "value_added")


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ratios():
    """People of 2010 over people of 2020 of each region; Chongqing's districts as the municipality; no figure: 1."""
    known = {r["adcode"]: float(r["pop2010"]) / float(r["pop2020"]) for r in rows_of(HERE / "facts/regions.csv") if r["pop2010"] and r["pop2020"]}
    return {r["id"]: known.get("500000" if r["city"] == "500000" else r["id"]) for r in rows_of(HERE / "regions.csv")}


def factors(ratio):
    """By region: what people of 2020 are multiplied by, and GDP: so that provinces have their shares of 2010, and the nation what it has per head of 2020."""
    gdp2010 = {r["adcode"]: float(r["gdp2010"]) for r in rows_of(HERE / "facts/provinces_2010.csv")}
    regions = rows_of(HERE / "regions.csv")
    with_people, whole = {}, 0
    for r in regions:
        scaled = float(r["gdp"]) * (ratio[r["id"]] or 1)
        with_people[r["province"]] = with_people.get(r["province"], 0) + scaled
        whole += scaled if r["province"] in gdp2010 else 0
    nation = math.fsum(gdp2010.values())
    level = {p: gdp2010[p] / nation * whole / with_people[p] if p in gdp2010 else 1 for p in with_people}
    people = {r["id"]: ratio[r["id"]] or 1 for r in regions}
    return people, {r["id"]: people[r["id"]] * level[r["province"]] for r in regions}


def write_2010(folder, ratio):
    people, output = factors(ratio)
    for path in HERE.iterdir():
        if path.suffix in (".csv", ".yaml") and path.name != "claims.yaml":
            shutil.copy(path, folder)
    for name, (key, columns) in SCALED.items():
        rows = rows_of(HERE / name)
        for row in rows:
            for column in columns:
                if row.get(column):
                    row[column] = repr(float(row[column]) * (output if column in OUTPUT else people)[row[key]])
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
    first, last = min(rows, key=year_of)["year"], max(rows, key=year_of)["year"]
    value = {(r["year"], r["id"]): r for r in rows}
    return {name: {r["id"]: tuple(float(value[y, r["id"]][column]) for y in (first, last)) for r in rows}
            for name, column in (("people", "population_base"), ("gdp", "gdp_base"))}


def year_of(row):
    return int(row["year"])


def by_province(of_places):
    """Sums of the 31 provinces."""
    province = {r["id"]: r["province"] for r in rows_of(HERE / "regions.csv")}
    known = {r["adcode"] for r in rows_of(HERE / "facts/provinces_2010.csv")}
    sums = {p: [0, 0] for p in known}
    for n, values in of_places.items():
        for k in (0, 1):
            if province[n] in known:
                sums[province[n]][k] += values[k]
    return sums


def fit(forecast_of, actual):
    """Of log changes of shares of the nation's total: root of the mean squared error weighted by the first year's, and correlation."""
    weight = {n: actual[n][0] for n in actual}
    whole = math.fsum(weight.values())
    totals = [math.fsum(v[k] for v in actual.values()) for k in (0, 1)]
    made = [math.fsum(forecast_of[n][k] for n in actual) for k in (0, 1)]
    x = {n: math.log(forecast_of[n][1] / made[1]) - math.log(forecast_of[n][0] / made[0]) for n in actual}
    y = {n: math.log(actual[n][1] / totals[1]) - math.log(actual[n][0] / totals[0]) for n in actual}

    def mean(v):
        return math.fsum(weight[n] * v[n] for n in v) / whole

    error = math.sqrt(mean({n: (x[n] - y[n]) ** 2 for n in x}))
    mx, my = mean(x), mean(y)
    sxx, syy = mean({n: (x[n] - mx) ** 2 for n in x}), mean({n: (y[n] - my) ** 2 for n in y})
    sxy = mean({n: (x[n] - mx) * (y[n] - my) for n in x})
    return error, sxy / math.sqrt(sxx * syy) if sxx > 1e-18 else float("nan")


def head(words):
    print(words)
    print(f"{'forecast':60s} {'error (rms)':>12s} {'correlation':>12s}")


def line(words, fitted):
    print(f"{words:60s} {fitted[0]:12.4f} {'-' if math.isnan(fitted[1]) else format(fitted[1], '.3f'):>12s}")


def people_tables(forecasts, actual):
    head(f"{len(actual)} places, 2010 to 2020: log change of the share of the nation's people")
    first, last = (math.fsum(v[k] for v in actual.values()) for k in (0, 1))
    level = math.sqrt(math.fsum(a * math.log(b / a) ** 2 for a, b in actual.values()) / first)
    line("no change (of people, not of shares)", (level, float("nan")))
    line(f"national growth everywhere ({100 * (last / first - 1):+.1f} %)", fit({n: (a, a) for n, (a, b) in actual.items()}, actual))
    for law, made in forecasts.items():
        line("model, innovation: " + law, fit(made["people"], actual))


def gdp_tables(forecasts, actual_people):
    then = rows_of(HERE / "facts/provinces_2010.csv")
    now = {r["adcode"]: float(r["gdp2020"]) for r in rows_of(HERE / "facts/provinces.csv") if r["gdp2020"]}
    actual = {r["adcode"]: (float(r["gdp2010"]), now[r["adcode"]]) for r in then}
    people = by_province(actual_people)
    head(f"{len(actual)} provinces, 2010 to 2020: log change of the share of the nation's GDP")
    line("national growth everywhere", fit({p: (a, a) for p, (a, b) in actual.items()}, actual))
    trend = {r["adcode"]: (float(r["gdp2010"]) / float(r["gdp2001"])) ** (10 / 9) for r in then}
    line("growth of each as from 2001 to 2010", fit({p: (a, a * trend[p]) for p, (a, b) in actual.items()}, actual))
    line("GDP a head as in 2010, people as they went", fit({p: (a, a * people[p][1] / people[p][0]) for p, (a, b) in actual.items()}, actual))
    for law, made in forecasts.items():
        line("model, innovation: " + law, fit(by_province(made["gdp"]), actual))


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: backcast.py PROGRAM")
    ratio = ratios()
    now = {r["id"]: float(r["people"]) for r in rows_of(HERE / "regions.csv")}
    known = {n: (now[n] * ratio[n], now[n]) for n in now if ratio[n]}
    with tempfile.TemporaryDirectory() as folder:
        write_2010(Path(folder), ratio)
        forecasts = {law: forecast(sys.argv[1], folder, law) for law in ("research", "market")}
    people_tables(forecasts, {n: v for n, v in known.items() if not n.startswith(("5001", "5002"))})  # Chongqing's districts have no figure of 2010
    gdp_tables(forecasts, known)


if __name__ == "__main__":
    main()
