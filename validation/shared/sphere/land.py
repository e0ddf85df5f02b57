#!/usr/bin/env python3
"""Which cells of one degree are land: land.csv from the coasts of Natural Earth.

    npm pack world-atlas@2.0.2 && tar -xzf world-atlas-2.0.2.tgz
    land.py package/land-50m.json > land.csv

A cell is land when its centre is, and Antarctica is left out. The table has runs of cells along a parallel: latitude of the centres, longitude of
the first and the last centre. Only the standard library."""

import json
import sys

NORTH_OF = -60  # Antarctica begins there


def rings(topology):
    """Rings of longitude and latitude of every polygon, holes as well: inside is what an odd number of them holds."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    for shape in topology["objects"]["land"]["geometries"]:
        for polygon in shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]:
            for ring in polygon:
                points = []
                for arc in ring:
                    points += (arcs[arc] if arc >= 0 else arcs[~arc][::-1])[1 if points else 0:]
                yield unbroken(points)


def unbroken(points):
    """A ring over the 180th meridian goes on beyond it."""
    out = points[:1]
    for x, y in points[1:]:
        out.append((x + 360 * round((out[-1][0] - x) / 360), y))
    return out


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: land.py LAND.json > land.csv")
    with open(sys.argv[1], encoding="utf-8") as file:
        shores = list(rings(json.load(file)))
    print("lat,lon_from,lon_to")
    for row in range(89, NORTH_OF - 1, -1):
        latitude = row + 0.5
        crossings = []
        for points in shores:
            for (x0, y0), (x1, y1) in zip(points, points[1:]):
                if (y0 > latitude) != (y1 > latitude):
                    crossings.append(x0 + (x1 - x0) * (latitude - y0) / (y1 - y0))
        land = [sum(x < column + around + 0.5 for x in crossings for around in (-360, 0, 360)) % 2 for column in range(-180, 180)]
        start = None
        for k, wet in enumerate(land + [0]):
            if wet and start is None:
                start = k
            if not wet and start is not None:
                print(f"{latitude},{start - 179.5},{k - 180.5}")
                start = None


if __name__ == "__main__":
    main()
