#!/usr/bin/env python3
"""Caliendo, Dvorkin & Parro (2019) a second time, in levels: two regions, two sectors and home production, from the equations of the paper alone.

    levels.py        writes the tables beside this file; two minutes

Nothing here is in changes: technologies, trade costs, structures, costs of moving and home production are numbers, every period is solved for its
wages and prices, values are taken back from a far end, people forward, everything damped until nothing moves (Econometrica 87(3), section 2):

    x^nj  = (w^nj^(1 - B) r^nj^B)^g prod_k P^nk^(share of k)         c of the paper; g: share of value added
    pi    = A^ij (x^ij kappa)^-theta / sum over i,   P^nj = that sum^(-1/theta),   P^n = prod_j P^nj^alpha_j
    X^nj  = alpha_j I^n + sum_k (input share of j in k) Y^nk,   Y^ij = sum_n pi X^nj
    w L   = g (1 - B) Y,   r H = g B Y,   I^n = sum_j w L + iota_n sum of all r H
    v_t   = log C_t + nu log sum_h exp((beta v_t+1^h - tau^ih) / nu),   C = w^nj / P^n, at home b
    mu_t  = exp((beta v_t+1^h - tau^ih) / nu) / sum,   L_t+1^h = sum_i mu_t^ih L_t^i

What was observed in the first year goes into tables of accounts and gross flows; what follows, with and without news in the second year, into
path.csv. Only the standard library."""

import csv
import math
from pathlib import Path

HERE = Path(__file__).resolve().parent
N, J, HORIZON, SHOWN, FIRST = 2, 2, 240, 60, 2000
BETA, NU, THETA = 0.93, 1.8, (4.0, 6.0)
ALPHA, G = (0.35, 0.65), (0.5, 0.7)
INPUT = ((0.3, 0.2), (0.1, 0.2))             # [using][input]; with G they sum to one
B = (0.25, 0.4)                              # by region
IOTA = (0.7, 0.3)
A = ((1.0, 1.4), (2.0, 0.8))
KAPPA = (((1, 1.5), (1.7, 1)), ((1, 2.1), (1.9, 1)))  # [sector][buys][sells]
H = ((1.0, 0.6), (0.8, 1.5))
HOME = 0.5
FIRST_PEOPLE = (100.0, 60.0, 15.0, 40.0, 90.0, 10.0)  # market n * (J + 1) + j; the last of each region is at home
MARKETS = N * (J + 1)


def moving_cost(i, h):
    region = 0 if i // (J + 1) == h // (J + 1) else 4.6 + 0.4 * (i // (J + 1))
    work = 0 if i % (J + 1) == h % (J + 1) else 3.4 + 0.3 * (h % (J + 1)) + 0.2 * (i % (J + 1))
    return region + work


def news(t):
    """Productivity of region 1, sector 0, in four steps from period 3 on; moves between regions dearer by a fifth from period 5 on."""
    part = min(4, max(0, t - 2)) / 4
    return 1.6**part, math.log(1.2) if t >= 5 else 0.0


class Period:
    """A temporary equilibrium, given people."""

    def __init__(self):
        self.wage = [[1.0] * J for _ in range(N)]
        self.price = [[1.0] * J for _ in range(N)]
        self.spent = [[1.0] * J for _ in range(N)]
        self.output = [[1.0] * J for _ in range(N)]
        self.share = None

    def step(self, people, gain):
        """One round; the largest move of a log."""
        most = 0.0
        weight = [[0.0] * J for _ in range(N)]
        for n in range(N):
            for j in range(J):
                rent = B[n] / (1 - B[n]) * self.wage[n][j] * people[n * (J + 1) + j] / H[n][j]
                cost = (self.wage[n][j] ** (1 - B[n]) * rent ** B[n]) ** G[j] * math.prod(self.price[n][k] ** INPUT[j][k] for k in range(J))
                better = gain if n == 1 and j == 0 else 1.0
                weight[n][j] = A[n][j] * (cost / better) ** -THETA[j]
        self.share = [[[weight[i][j] * KAPPA[j][n][i] ** -THETA[j] for i in range(N)] for j in range(J)] for n in range(N)]
        for n in range(N):
            for j in range(J):
                total = sum(self.share[n][j])
                self.share[n][j] = [s / total for s in self.share[n][j]]
                new = total ** (-1 / THETA[j])
                most = max(most, abs(math.log(new / self.price[n][j])))
                self.price[n][j] = new
        labour = [sum(self.wage[n][j] * people[n * (J + 1) + j] for j in range(J)) for n in range(N)]
        rents = sum(B[n] / (1 - B[n]) * labour[n] for n in range(N))
        output = [[sum(self.share[n][j][i] * self.spent[n][j] for n in range(N)) for j in range(J)] for i in range(N)]
        for n in range(N):
            for j in range(J):
                new = ALPHA[j] * (labour[n] + IOTA[n] * rents) + sum(INPUT[k][j] * output[n][k] for k in range(J))
                most = max(most, abs(math.log(new / self.spent[n][j])))
                self.spent[n][j] = new
        for n in range(N):
            for j in range(J):
                up = math.log(G[j] * (1 - B[n]) * output[n][j] / (self.wage[n][j] * people[n * (J + 1) + j])) / (1 + THETA[j])
                most = max(most, abs(up))
                self.wage[n][j] *= math.exp(up)
        scale = sum(labour) / sum(self.wage[n][j] * people[n * (J + 1) + j] for n in range(N) for j in range(J))
        self.wage = [[w * scale for w in row] for row in self.wage]
        self.output = output
        return most

    def consumption(self):
        out = []
        for n in range(N):
            index = math.prod(self.price[n][j] ** ALPHA[j] for j in range(J))
            out += [w / index for w in self.wage[n]] + [HOME]
        return out


COST = [[moving_cost(i, h) for h in range(MARKETS)] for i in range(MARKETS)]


def choices(after, i, dearer):
    terms = [math.exp((BETA * after[h] - COST[i][h] - (dearer if i // (J + 1) != h // (J + 1) else 0)) / NU) for h in range(MARKETS)]
    total = sum(terms)
    return [x / total for x in terms], NU * math.log(total)


def settle(first, people, changes):
    """The path from period `first`, whose people are given, on; after the horizon every period is like the last."""
    span = range(first, HORIZON)
    periods = {t: Period() for t in span}
    crowd = {t: list(people) for t in range(first, HORIZON)}
    value = {t: [0.0] * MARKETS for t in range(first, HORIZON + 1)}
    flow = {}
    for rounds in range(20000):
        most = 0.0
        for t in span:
            most = max(most, periods[t].step(crowd[t], changes(t)[0]))
            flow[t] = periods[t].consumption()
        for t in reversed(span):
            for i in range(MARKETS):
                new = math.log(flow[t][i]) + choices(value[t + 1], i, changes(t)[1])[1]
                most = max(most, abs(new - value[t][i]) / 100)
                value[t][i] = new
        value[HORIZON] = list(value[HORIZON - 1])
        for t in range(first, HORIZON - 1):
            moved = [0.0] * MARKETS
            for i in range(MARKETS):
                share = choices(value[t + 1], i, changes(t)[1])[0]
                for h in range(MARKETS):
                    moved[h] += share[h] * crowd[t][i]
            for h in range(MARKETS):
                step = (moved[h] - crowd[t + 1][h]) / 2
                most = max(most, abs(step) / moved[h])
                crowd[t + 1][h] += step
        if most < 1e-14:
            print(f"from period {first}: {rounds + 1} rounds")
            return periods, crowd, value, flow
    raise SystemExit(f"no path: still moves by {most}")


def write(name, head, rows):
    with open(HERE / name, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(head)
        out.writerows([[repr(x) if isinstance(x, float) else x for x in row] for row in rows])


def place(i):
    return ("west", "east")[i // (J + 1)], ("goods", "services", "home")[i % (J + 1)]


def main():
    periods, crowd, value, flow = settle(0, FIRST_PEOPLE, lambda t: (1.0, 0.0))
    now = periods[0]
    sector, region = ("goods", "services"), ("west", "east")
    write("flows.csv", ["sector", "origin", "destination", "value"],
          [[sector[j], region[i], region[n], now.share[n][j][i] * now.spent[n][j]] for j in range(J) for i in range(N) for n in range(N)])
    write("moves.csv", ["region", "group", "to_region", "to_group", "people"],
          [[*place(i), *place(h), crowd[0][i] * share] for i in range(MARKETS) for h, share in enumerate(choices(value[0], i, 0.0)[0])])
    write("markets.csv", ["region", "group", "people"], [[*place(i), crowd[0][i]] for i in range(MARKETS)])
    _, with_news, value_news, flow_news = settle(1, crowd[1], news)
    rows = []
    for t in range(1, SHOWN + 1):
        for i in range(MARKETS):
            rows.append([FIRST + t, *place(i), crowd[t][i], with_news[t][i], flow_news[t][i] / flow[t][i], flow[t][i] / flow[0][i],
                         math.exp((1 - BETA) * (value_news[t][i] - value[t][i]))])
    write("path.csv", ["year", "region", "group", "people", "people_news", "real_wage_hat", "real_wage_since", "welfare_hat"], rows)
    print("the last period moves by", max(abs(a / b - 1) for a, b in zip(with_news[HORIZON - 1], with_news[HORIZON - 2])))


if __name__ == "__main__":
    main()
