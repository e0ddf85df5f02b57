#!/usr/bin/env python3
"""Boundaries of the regions, from the maps of the JavaScript package echarts 4.9.0 (Apache-2.0), as boundaries.geojson.

Usage: boundaries.py PACKAGE_FOLDER [OUTPUT]      PACKAGE_FOLDER: what the package unpacks to

The package has prefectures, and districts of the municipalities, as of about 2016, on a grid of 1/1024 degree, with neighbours that share their points.
What the economy has as one region is put together (edges that occur twice go), codes of 2016 become those of 2020:
Laiwu joins Jinan; Nagqu, Hami, Liangping and Wulong have their present codes; Lhoka and Chongming have none in the package. Jianyang, a county of
Ziyang that Chengdu took over, stays with Ziyang: the package has no counties. Huyanghe, founded in 2019, has no boundary, and is drawn as a disc.
Only the standard library.
"""
import collections
import csv
import json
import math
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
GRID = 1024                                 # of the package, per degree
KEPT = 128                                  # of the file: under a pixel where a circle fills a page; neighbours stay neighbours
NOW = {"371200": "370100", "542400": "540600", "652200": "650500", "500228": "500155", "500232": "500156"}
WHOLE = ("11", "12", "31", "81", "82")      # one region each, districts in the package
NAMED = {("shanghai", "崇明区"): "310000", ("xizang", "山南市"): "540500"}
IN_INSET = {"460300"}                       # Sansha: its islands are what the inset is for
WITHOUT = {"659010"}                        # regions without a boundary in the package
SOURCE = "echarts 4.9.0 (Apache-2.0), map/json/province, about 2016; codes and mergers to 2020"


def decode(text, offset):
    """Pairs of zigzag numbers, each the step from the point before."""
    x, y = offset
    ring = []
    for at in range(0, len(text), 2):
        a, b = ord(text[at]) - 64, ord(text[at + 1]) - 64
        x += (a >> 1) ^ -(a & 1)
        y += (b >> 1) ^ -(b & 1)
        ring.append((x, y))
    return ring


def rings_of(document, geometry):
    if not document.get("UTF8Encoding"):
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        return [[(round(x * GRID), round(y * GRID)) for x, y in ring] for polygon in polygons for ring in polygon]
    rings = []
    for part, offset in zip(geometry["coordinates"], geometry["encodeOffsets"]):
        if isinstance(part, str):
            rings.append(decode(part, offset))
        else:
            rings += [decode(text, at) for text, at in zip(part, offset)]
    return rings


def coarser(ring):
    """Points on the grid of the file; each point moves by itself, so that shared borders stay shared."""
    return [(round(x * KEPT / GRID), round(y * KEPT / GRID)) for x, y in ring]


def straightened(ring):
    """Without points in the middle of a straight line."""
    kept = []
    for at, b in enumerate(ring):
        a, c = ring[at - 1], ring[(at + 1) % len(ring)]
        if (b[0] - a[0]) * (c[1] - b[1]) != (b[1] - a[1]) * (c[0] - b[0]):
            kept.append(b)
    return kept


def edges_of(rings):
    """Of rings that all run the same way round, so that a border of two neighbours is there once in each direction."""
    for ring in rings:
        if area(ring) < 0:
            ring = ring[::-1]
        for a, b in zip(ring, ring[1:] + ring[:1]):
            if a != b:
                yield a, b


def dissolve(rings):
    """Rings around what all the rings cover: edges that occur in both directions are inside."""
    left = collections.Counter()
    for a, b in edges_of(rings):
        if left[b, a]:
            left[b, a] -= 1
        else:
            left[a, b] += 1
    after = {}
    for (a, b), times in left.items():
        after.setdefault(a, []).extend([b] * times)
    after = {a: ends for a, ends in after.items() if ends}
    out = []
    while after:
        start = next(iter(after))
        ring, at = [start], start
        while after.get(at):
            following = after[at].pop()
            if not after[at]:
                del after[at]
            at = following
            if at == start:
                break
            ring.append(at)
        if len(ring) > 3:
            out.append(ring)
    return out


def area(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1])) / 2


def inside(point, ring):
    x, y = point
    odd = False
    for (xa, ya), (xb, yb) in zip(ring, ring[1:] + ring[:1]):
        if (ya > y) != (yb > y) and x < (xb - xa) * (y - ya) / (yb - ya) + xa:
            odd = not odd
    return odd


def polygons_of(rings):
    """GeoJSON polygons: outer rings anticlockwise, each with the holes in it."""
    rings = sorted((straightened(r) for r in rings if abs(area(r)) > 0), key=lambda r: -abs(area(r)))
    outer = []
    for ring in rings:
        around = [polygon for polygon in outer if inside(ring[0], polygon[0]) and polygon[0] != ring]
        hole = len(around) % 2 == 1
        if (area(ring) > 0) == hole:
            ring = ring[::-1]
        if hole:
            around[-1].append(ring)
        else:
            outer.append([ring])
    return [[[[round(x / KEPT, 3), round(y / KEPT, 3)] for x, y in ring + ring[:1]] for ring in polygon] for polygon in outer]


def geodesic_km2(polygons):
    """On a sphere with the area of the earth's ellipsoid."""
    total = 0
    for polygon in polygons:
        for ring in polygon:
            points = [(math.radians(x), math.radians(y)) for x, y in ring]
            total += sum((b[0] - a[0]) * (2 + math.sin(a[1]) + math.sin(b[1])) for a, b in zip(points, points[1:]))
    return abs(total) * 6371.0072 ** 2 / 2


def read(package):
    """Rings by id; Taiwan's under its code, without figures in the economy."""
    found = {}
    for path in sorted((package / "map/json/province").glob("*.json")):
        if path.stem == "shanxi1":      # Shaanxi
            pass
        document = json.loads(path.read_text(encoding="utf-8"))
        for feature in document["features"]:
            name = feature["properties"].get("name")
            code = str(feature.get("id") or feature["properties"].get("id") or NAMED.get((path.stem, name)) or ("710000" if path.stem == "taiwan" else ""))
            code = NOW.get(code, code[:2] + "0000" if code[:2] in WHOLE else code)
            if code:
                found.setdefault(code, []).extend(coarser(ring) for ring in rings_of(document, feature["geometry"]))
    return found


def inset(package):
    """The box of the South China Sea that Chinese maps carry, as lines in units of their own, 64 wide and 93 high."""
    text = (package / "lib/coord/geo/fix/nanhai.js").read_text(encoding="utf-8")
    return json.loads(re.search(r"points = (\[\[\[.*?\]\]\]);", text, re.S).group(1))


def check(features, regions):
    ids = {f["id"] for f in features}
    for region in regions:
        if region["id"] not in ids and region["id"] not in WITHOUT | {"ROW"}:
            sys.exit(f"boundaries: region {region['id']} {region['name_en']} has no polygon in the package")
    for region in regions:
        polygons = next((f["geometry"]["coordinates"] for f in features if f["id"] == region["id"]), None)
        land = float(region["land_km2"] or 0)
        if polygons and land > 500:
            ratio = geodesic_km2(polygons) / land
            if not 0.5 < ratio < 2:
                print(f"boundaries: {region['id']} {region['name_en']}: the polygon has {ratio:.2f} of the land in the data", file=sys.stderr)


def main():
    package = pathlib.Path(sys.argv[1])
    output = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else HERE / "boundaries.geojson"
    with open(HERE / "regions.csv", encoding="utf-8", newline="") as file:
        regions = list(csv.DictReader(file))
    found = read(package)
    features = []
    for code in [r["id"] for r in regions if r["id"] in found] + ["710000"]:
        features.append({"type": "Feature", "id": code, "properties": {"id": code, **({"data": False} if code == "710000" else {}), **({"inset": True} if code in IN_INSET else {})}, "geometry": {"type": "MultiPolygon", "coordinates": polygons_of(dissolve(found[code]))}})
    check(features, regions)
    head = {"type": "FeatureCollection", "source": SOURCE, "inset": {"title": {"en": "South China Sea", "zh": "南海诸岛"}, "lines": inset(package)}}

    def text(value):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    lines = [text(head)[:-1] + ',"features":['] + [text(f) + "," for f in features[:-1]] + [text(features[-1]) + "]}"]
    output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"boundaries: {len(features)} polygons, {output.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
