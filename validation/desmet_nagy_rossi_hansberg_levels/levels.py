#!/usr/bin/env python3
"""Desmet, Nagy & Rossi-Hansberg (2018) a second time, in levels, from the equations of the paper alone: places.csv and years.csv.

    levels.py ../shared/sphere/land.csv        writes both beside this file; a minute

Equations and numbers as in the paper (Journal of Political Economy 126(3), sections 2 and 4), each place r with land H(r):

    T_t(r)    = tau_t(r) Lbar_t(r)^alpha                                     scale of the Frechet draws; Lbar: people per land
    mc_t(r)   ~ w_t(r) Lbar_t(r)^(1 - mu - gamma1/xi)                        what is left after innovation and land take their parts
    pi(s, r)  = T(r) (mc(r) zeta(r, s))^-theta / sum over r,  P(s)^-theta ~ that sum
    w H Lbar(r) = sum_s pi(s, r) w H Lbar(s)
    u(r)      = a(r) Lbar(r)^-lambda y(r),  y ~ w / P
    H Lbar(r) = L (u(r) / m2(r))^(1/Omega) / sum over r
    phi^xi    = gamma1 / (nu (gamma1 + mu xi)) Lbar
    tau_t+1   = phi^(theta gamma1) (mean over land of tau_t)^(1 - gamma2) tau_t(r)^gamma2

Solved by damped iteration on w and people until nothing moves. The geography is the land of the Earth in cells of ten degrees with great-circle
trade costs; what the cells are like is invented. The same again where nobody moves after the first year. Only the standard library."""

import csv
import math
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
THETA, ALPHA, MU, XI, GAMMA1, GAMMA2, LAMBDA, OMEGA = 6.5, 0.06, 0.8, 125, 0.319, 0.99246, 0.32, 0.5
PEOPLE, DEGREES, YEARS, SHOWN = 7e9, 10, 100, 20
DENSITY = 15  # people per km2 where phi is one: nu (gamma1 + mu xi) / gamma1
RADIUS = 6371.0


def cells(path):
    """Land in km2 by cell of DEGREES degrees, where half of it is land."""
    land, count = {}, {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            lat, lon = float(row["lat"]), float(row["lon_from"])
            strip = math.radians(1) * RADIUS**2 * (math.sin(math.radians(lat + 0.5)) - math.sin(math.radians(lat - 0.5)))
            while lon <= float(row["lon_to"]):
                key = (math.floor(lat / DEGREES), math.floor(lon / DEGREES))
                land[key] = land.get(key, 0) + strip
                count[key] = count.get(key, 0) + 1
                lon += 1
    return {k: land[k] for k in sorted(land) if 2 * count[k] >= DEGREES**2}


def distance(a, b):
    """Great circle, km; between two points given in degrees."""
    (lon, lat), (lon2, lat2) = [[math.radians(v) for v in p] for p in (a, b)]
    half = math.sin((lat2 - lat) / 2) ** 2 + math.cos(lat) * math.cos(lat2) * math.sin((lon2 - lon) / 2) ** 2
    return 2 * RADIUS * math.asin(math.sqrt(half))


class World:
    def __init__(self, land):
        self.centre = [(DEGREES * (x + 0.5), DEGREES * (y + 0.5)) for y, x in land]
        self.land = list(land.values())
        self.n = n = len(self.land)
        self.kernel = [[(1 + distance(a, b) / 100) ** (-0.15 * THETA) for b in self.centre] for a in self.centre]
        self.tau = [math.exp(THETA * (0.4 * math.sin(math.radians(2 * lon) + 1) * math.cos(math.radians(3 * lat)) + 0.008 * abs(lat))) for lon, lat in self.centre]
        self.amenity = [math.exp(0.5 * math.cos(math.radians(3 * lon + 2 * lat)) - 0.01 * abs(lat)) for lon, lat in self.centre]
        self.entry = [math.exp(0.3 * math.sin(math.radians(5 * lon))) for lon, lat in self.centre]
        self.people = [PEOPLE / n] * n
        self.wage = [1.0] * n
        self.income = []
        self.moves = True

    def step(self):
        """One round; the largest move of a log."""
        n, exponent = self.n, 1 - MU - GAMMA1 / XI
        density = [l / h for l, h in zip(self.people, self.land)]
        weight = [t * d**ALPHA * (w * d**exponent) ** -THETA for t, d, w in zip(self.tau, density, self.wage)]
        index = [sum(map(float.__mul__, row, weight)) for row in self.kernel]  # P^-theta; costs are the same both ways
        spent = [w * l / p for w, l, p in zip(self.wage, self.people, index)]
        sold = [x * sum(map(float.__mul__, row, spent)) for x, row in zip(weight, self.kernel)]
        self.income = [w * p ** (1 / THETA) for w, p in zip(self.wage, index)]
        taste = [(a * d**-LAMBDA * y / m) ** (1 / OMEGA) for a, d, y, m in zip(self.amenity, density, self.income, self.entry)]
        whole = sum(taste)
        most = 0
        for r in range(n):
            up = math.log(sold[r] / (self.wage[r] * self.people[r])) / (1 + THETA)
            more = 0.5 * math.log(PEOPLE * taste[r] / whole / self.people[r])
            most = max(most, abs(up), abs(more) if self.moves else 0)
            self.wage[r] *= math.exp(up)
            self.people[r] *= math.exp(more) if self.moves else 1
        scale = PEOPLE / sum(w * l for w, l in zip(self.wage, self.people))
        self.wage = [w * scale for w in self.wage]
        return most

    def settle(self):
        rounds = 0
        while self.step() > 2e-15 and rounds < 5000:
            rounds += 1
        assert rounds < 5000, "no equilibrium"

    def learn(self):
        mean = sum(t * h for t, h in zip(self.tau, self.land)) / sum(self.land)
        self.tau = [(l / h / DENSITY) ** (THETA * GAMMA1 / XI) * mean ** (1 - GAMMA2) * t**GAMMA2
                    for t, l, h in zip(self.tau, self.people, self.land)]


def follow(world, moves):
    """People and real income per head, against the first year's, of the years shown; the first year's people and wages."""
    shown = {}
    for year in range(YEARS + 1):
        world.settle()
        if year == 0:
            first, people, wages = list(world.income), list(world.people), [w * l for w, l in zip(world.wage, world.people)]
            world.moves = moves
        elif year % SHOWN == 0:
            shown[year] = [(l, math.log(y / f)) for l, y, f in zip(world.people, world.income, first)]
        world.learn()
    return shown, people, wages


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: levels.py LAND.csv")
    land = cells(sys.argv[1])
    world = World(land)
    name = [f"c{k:03d}" for k in range(world.n)]
    free, people, wages = follow(world, True)
    stay, _, _ = follow(World(land), False)
    with open(HERE / "places.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["place", "lon", "lat", "land_km2", "people", "wages"])
        for r in range(world.n):
            out.writerow([name[r], *world.centre[r], repr(world.land[r]), repr(people[r]), repr(wages[r])])
    with open(HERE / "years.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["year", "place", "people", "log_income", "log_income_stay"])
        for year, values in free.items():
            for r in range(world.n):
                out.writerow([year, name[r], repr(values[r][0]), repr(values[r][1]), repr(stay[year][r][1])])


if __name__ == "__main__":
    main()
