#!/usr/bin/env python3
"""Build the tables of the economy china2020 from the tables of facts.

    prepare.py                write the tables beside this file
    prepare.py --output DIR   write them into DIR
    prepare.py --check        build them afresh and compare; exit 1 naming each file that differs

Facts come from facts/ (see facts/README.md). Every rule that turns a fact into a number of the
economy is a function here and a paragraph of docs/data-china2020.md. Only the standard library is
used. All floating sums go through math.fsum, so that the result does not depend on the Python
version (plain sum() changed its rounding in 3.12).
"""

import argparse
import csv
import filecmp
import heapq
import math
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
FACTS = HERE / "facts"

# ---------------------------------------------------------------------------------------------
# Stated numbers: everything here is a choice or an outside figure, not computed from the facts.
# ---------------------------------------------------------------------------------------------

YUAN_PER_USD = 6.9008            # the rate the facts use for Hong Kong and Macao
WORLD_GDP_USD = 84.9e12          # world GDP 2020, rounded between successive World Bank vintages (84.7 to 85.3)
WORLD_PEOPLE = 7.8e9             # world population 2020, rounded
WORLD_LAND_KM2 = 130.0e6         # world land without inland water, rounded
NATION_PEOPLE = 1409778724       # 2020 census, without servicemen
NATION_GDP = 1013567.0           # national accounts, yearbook 2021
NATION_GDP_2019 = 990865      # as first published; the plan of 2021 divides by it
NATION_LAND_KM2 = 9.6e6          # the official round figure
CHONGQING_REVISED_GDP = 25041.43  # sum of all districts in the later revised vintage (facts, known errors)

COLLEGE_WAGE_PREMIUM = 1.55      # wage of a college worker over another worker; see docs
# College share of workers by industry: a rounded pattern stated from memory of labour force statistics, not a fact
# of facts/; only its relative pattern enters, as the point to which the regression is pulled.
COLLEGE_PRIOR = {"agriculture": 0.02, "mining": 0.25, "manufacturing": 0.20, "utilities": 0.45, "construction": 0.12,
                 "trade_hospitality": 0.20, "transport_post": 0.20, "information": 0.65, "finance": 0.70,
                 "real_estate_business": 0.40, "research_technical": 0.70, "public_services": 0.50}
COLLEGE_PULL = 2e-4              # weight of that pull against the mean squared error of the fit
STATED_COLLEGE_SHARE = {"810000": 0.30, "820000": 0.25, "ROW": 0.15}
STATED_URBAN_SHARE = {"810000": 1.0, "820000": 1.0, "ROW": 0.54}

ACCESS_MINUTES = 20.0            # from a city's centre to its station, at least
ACCESS_KM_PER_H = 60.0
ROAD_KM_PER_H = 80.0
ROAD_DETOUR = 1.3                # road length over straight distance
ROAD_NEIGHBOURS = 8
RAIL_DETOUR = 1.2                # track length over straight distance
RAIL_SPEED_SHARE = 0.6           # scheduled speed over design speed of a conventional line
RAIL_DEFAULT_DESIGN = 120.0      # km/h where the facts have no design speed
RAIL_MIN_DIRECT_KM_PER_H = 40.0  # a slower best train (over the straight line) went another way
RAIL_MAX_DIRECT_KM_PER_H = 290.0  # a faster one joins two stations nearer to each other than the city seats
RAIL_CAPPED_KM_PER_H = 250.0      # and is given this speed over the straight line instead
SEA_MINUTES = 15 * 24 * 60.0
BORDER_MINUTES = 10 * 24 * 60.0

# trade_region_effect: what trade with another region is worth beside trade at home, before distance. Local services are
# bought near home; no table of trade between cities says how near, so these are assumptions.
SECTORS = [  # id, English, Chinese, industry, travel, land share in value added, research, digital, trade_region_effect
    ("agriculture", "Agriculture", "农林牧渔业", 1, "freight", 0.49, 0, 0, 1),
    ("mining", "Mining", "采矿业", 2, "freight", 0.05, 0, 0, 1),
    ("consumer_goods", "Consumer goods", "消费品制造业", 2, "freight", 0.05, 0, 0, 1),
    ("materials", "Materials", "原材料制造业", 2, "freight", 0.05, 0, 0, 1),
    ("machinery_vehicles", "Machinery and vehicles", "机械与汽车制造业", 2, "freight", 0.05, 0, 0, 1),
    ("electronics", "Electronics and instruments", "电子与仪器制造业", 2, "freight", 0.05, 0, 1, 1),
    ("utilities", "Electricity, gas and water", "电力燃气和水", 2, "freight", 0.05, 0, 0, 0.3),
    ("construction", "Construction", "建筑业", 2, "freight", 0.05, 0, 0, 0.15),
    ("trade_hospitality", "Trade, hotels and catering", "批发零售与住宿餐饮", 3, "passenger", 0.05, 0, 0, 0.2),
    ("transport_post", "Transport, storage and post", "交通运输仓储和邮政", 3, "passenger", 0.05, 0, 0, 0.5),
    ("information", "Information and software", "信息传输与软件", 3, "passenger", 0.05, 0, 1, 0.5),
    ("finance", "Finance", "金融业", 3, "passenger", 0.05, 0, 0, 0.3),
    ("real_estate_business", "Real estate and business services", "房地产与商务服务", 3, "passenger", 0.05, 0, 0, 0.2),
    ("research_technical", "Research and technical services", "科学研究和技术服务", 3, "passenger", 0.05, 1, 0, 0.5),
    ("public_services", "Public and resident services", "公共与居民服务", 3, "passenger", 0.05, 0, 0, 0.1),
]
# Building land a person, assumptions near the national planning standards: towns about 110 m2, villages about 200 m2.
URBAN_M2_PER_PERSON = 110
RURAL_M2_PER_PERSON = 200
SECTOR_IDS = [s[0] for s in SECTORS]
INDUSTRY = {s[0]: s[3] for s in SECTORS}
BY_INDUSTRY = {k: [j for j in SECTOR_IDS if INDUSTRY[j] == k] for k in (1, 2, 3)}

# The 42 sectors of the provincial input-output tables, by sector of the economy.
IO_OF_SECTOR = {
    "agriculture": "01", "mining": "02 03 04 05", "consumer_goods": "06 07 08 09 10 22",
    "materials": "11 12 13 14 15", "machinery_vehicles": "16 17 18 19 23", "electronics": "20 21",
    "utilities": "24 25 26", "construction": "27", "trade_hospitality": "28 30", "transport_post": "29",
    "information": "31", "finance": "32", "real_estate_business": "33 34", "research_technical": "35 36",
    "public_services": "37 38 39 40 41 42",
}
SECTOR_OF_IO = {code: j for j, codes in IO_OF_SECTOR.items() for code in codes.split()}

# The 20 industries of the census long form. Manufacturing is one industry there: its four sectors share it.
MANUFACTURING = ("consumer_goods", "materials", "machinery_vehicles", "electronics")
EMPLOYMENT_OF_SECTOR = {
    "agriculture": "agriculture", "mining": "mining", "utilities": "utilities", "construction": "construction",
    "trade_hospitality": "wholesale_retail hotels_catering", "transport_post": "transport_post",
    "information": "information", "finance": "finance", "real_estate_business": "real_estate leasing_business",
    "research_technical": "research_technical",
    "public_services": "water_environment resident_services education health_social culture_sport "
                       "public_admin international_orgs",
    **{j: "manufacturing" for j in MANUFACTURING},
}

# Research. Researchers and the uses of research spending in 2020: statistical communique on science and technology spending, and
# China Statistical Yearbook on Science and Technology 2021 (5.23 million person-years; basic research 6.0 %, applied 11.3 %,
# development 82.7 % of spending), rounded. Where they are is imputed: docs/data-china2020.md.
RESEARCHERS = 5.23e6
SCIENCE_SHARE = 0.173           # basic and applied research

# Stated structures of places without accounts in the facts (per cent, scaled to 100).
STATED_STRUCTURE = {
    "810000": {"agriculture": 0.1, "consumer_goods": 0.6, "materials": 0.2, "machinery_vehicles": 0.1,
               "electronics": 0.1, "utilities": 1.4, "construction": 4.1, "trade_hospitality": 20.0,
               "transport_post": 4.6, "information": 3.7, "finance": 23.4, "real_estate_business": 19.5,
               "research_technical": 1.0, "public_services": 21.2},
    "820000": {"consumer_goods": 0.8, "materials": 0.1, "machinery_vehicles": 0.05, "electronics": 0.05,
               "utilities": 2.0, "construction": 8.0, "trade_hospitality": 14.0, "transport_post": 3.0,
               "information": 3.0, "finance": 13.0, "real_estate_business": 19.0, "research_technical": 0.5,
               "public_services": 36.5},
}
ROW_INDUSTRY_SHARE = {1: 0.043, 2: 0.275, 3: 0.682}

CHONGQING_CENTRE = ["500103", "500104", "500105", "500106", "500107", "500108", "500109", "500112", "500113"]
CHONGQING_STATION_REGION = "500106"   # Shapingba: the 62 minute trains to Chengdu start there

SEA_PORTS = ["120000", "210200", "310000", "330200", "350200", "370200", "440100", "440300", "810000"]
BORDER_POSTS = ["150700", "152500", "231000", "451400", "533100", "652700", "653100", "654000"]

# Crossings of water are stated one by one; no straight road is drawn over the sea.
STATED_CROSSINGS = [  # id, from, to, minutes, km, note for the line column
    ("ferry-haikou-zhanjiang", "460100", "440800", 300.0, 150.0, "Qiongzhou Strait ferry"),
    ("ferry-sansha-wenchang", "460300", "469005", 900.0, 440.0, "Yongxing supply ship"),
    ("road-zhoushan-ningbo", "330900", "330200", 90.0, 90.0, "Zhoushan cross-sea bridge"),
    ("road-hong-kong-shenzhen", "810000", "440300", 75.0, 40.0, "with border control"),
    ("road-hong-kong-zhuhai", "810000", "440400", 90.0, 75.0, "Hong Kong-Zhuhai-Macao bridge, with border control"),
    ("road-macao-zhuhai", "820000", "440400", 45.0, 10.0, "with border control"),
]
ISLANDS = ("330900", "460300", "810000", "820000")   # reached only by the crossings above

CIRCLES = [
    ("CCEC", "Chengdu-Chongqing Economic Circle", "成渝地区双城经济圈",
     "membership by the Outline of October 2021; Kaizhou and Yunyang, of which the Outline takes parts it does not draw, count whole"),
    ("YRD", "Yangtze River Delta", "长三角", "41 cities of three provinces and Shanghai"),
    ("JJJ", "Beijing-Tianjin-Hebei", "京津冀", "Beijing, Tianjin and all of Hebei"),
    ("GBA", "Guangdong-Hong Kong-Macao Greater Bay Area", "粤港澳大湾区", "nine cities of Guangdong, Hong Kong and Macao"),
]

ZONE_IDS = {
    "Pudong": "pudong", "Binhai": "binhai", "Liangjiang": "liangjiang", "Zhoushan Archipelago": "zhoushan",
    "Lanzhou": "lanzhou", "Nansha": "nansha", "Xixian": "xixian", "Guian": "guian",
    "Qingdao West Coast": "qingdao-west-coast", "Jinpu": "jinpu", "Tianfu": "tianfu", "Xiangjiang": "xiangjiang",
    "Jiangbei": "jiangbei-nanjing", "Fuzhou": "fuzhou", "Dianzhong": "dianzhong", "Harbin": "harbin",
    "Changchun": "changchun", "Ganjiang": "ganjiang", "Xiong'an": "xiongan",
}
ZONE_HOSTS = {"Liangjiang": ["500105", "500109", "500112"]}  # districts: the fact table names the municipality
ZONE_STATED_LAND = {"Tianfu": {"510100": 1484.0, "511400": 94.0}}  # Meishan's part as commonly printed, unchecked

# The migration table of the facts has six provinces one row off: its "Tibet" row (0.9 million arrivals) is
# Xinjiang's, its "Shaanxi" row (0.1 million) is Tibet's, and so on. Key: label in the facts; value: whose row it is.
MIGRATION_LABEL_IS = {"540000": "650000", "610000": "540000", "620000": "610000", "630000": "620000",
                      "640000": "630000", "650000": "640000"}

# ---------------------------------------------------------------------------------------------
# Small helpers
# ---------------------------------------------------------------------------------------------


def fact(name):
    with open(FACTS / (name + ".csv"), newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def number(text):
    return float(text) if text not in ("", None) else None


def show(value, digits=6):
    """A number as text: shortest form after rounding, whole numbers without a point."""
    if value is None or isinstance(value, str):
        return value or ""
    rounded = round(float(value), digits)
    return str(int(rounded)) if rounded == int(rounded) else repr(rounded)


def total(values):
    return math.fsum(values)


def scale_to(weights, target):
    """Share target in proportion to weights (a dict)."""
    base = total(weights.values())
    return {key: target * weight / base for key, weight in weights.items()}


def distance_km(a, b):
    """Great-circle distance of two (lon, lat) points."""
    lon1, lat1, lon2, lat2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(h))


def slug(name):
    return name.lower().replace("(", "").replace(")", "").replace("'", "").replace(" ", "-")


def balance(matrix, rows, columns, sweeps=2000, tolerance=1e-13):
    """Biproportional scaling (RAS) of matrix[row][column] to the given row and column sums.

    Ends on the rows, because a region's total is observed and a sector's provincial total is not."""
    for _ in range(sweeps):
        worst = 0.0
        for c, want in columns.items():
            have = total(matrix[r][c] for r in rows)
            if have > 0:
                for r in rows:
                    matrix[r][c] *= want / have
        for r, want in rows.items():
            have = total(matrix[r].values())
            if have > 0:
                worst = max(worst, abs(want - have) / max(want, 1e-30))
                for c in matrix[r]:
                    matrix[r][c] *= want / have
        if worst < tolerance:
            break
    return matrix


class Tables:
    """Collects the output tables in memory, then writes them."""

    def __init__(self):
        self.files = {}

    def add(self, name, header, rows):
        self.files[name + ".csv"] = (header, [[show(x) if not isinstance(x, str) else x for x in row] for row in rows])

    def write(self, folder):
        for name, (header, rows) in self.files.items():
            with open(folder / name, "w", newline="", encoding="utf-8") as handle:
                writer = csv.writer(handle, lineterminator="\n")
                writer.writerow(header)
                writer.writerows(rows)


# ---------------------------------------------------------------------------------------------
# Regions
# ---------------------------------------------------------------------------------------------


def load_units():
    """The regions of the economy with what the facts say of each, before anything is imputed."""
    names = {row["adcode"]: row["name_en"] for row in fact("names_regions")}
    units = {}
    for row in fact("regions"):
        if row["adcode"] != "500000":
            units[row["adcode"]] = unit_of(row, names, row["parent"])
    for row in fact("counties"):
        if row["parent"] == "500000":
            units[row["adcode"]] = unit_of(row, names, "500000")
    units = dict(sorted(units.items()))
    add_circles(units)
    add_census(units)
    return units


def unit_of(row, names, province):
    land, land_flag = number(row["area_km2"]), ""
    official, polygon = number(row["area_official_km2"]), number(row["area_polygon_km2"])
    if land is None:
        land = official      # Sansha: the islands, not the sea of the polygon
    elif official is None or (polygon is not None and land == polygon and land != official):
        land_flag = "imputed_polygon"
    values = [number(row["va%d_2020" % k]) for k in (1, 2, 3)]
    return {
        "id": row["adcode"], "name_zh": row["name_zh"], "name_en": names[row["adcode"]], "province": province,
        "seat": (float(row["lon"]), float(row["lat"])), "people": int(float(row["pop2020"])), "people_flag": "",
        "land": land, "land_flag": land_flag, "gdp": number(row["gdp2020"]), "gdp_flag": "",
        "industries": dict(zip((1, 2, 3), values)) if None not in values else None, "split_flag": "",
        "facts": row, "circle": "", "circle_land": None, "circle_people": None,
        "college_share": None, "urban_share": None, "housing": None, "share_flag": "",
    }


def add_circles(units):
    """Membership; for a prefecture that leaves counties out, also the land and people inside the circle."""
    counties = {row["adcode"]: row for row in fact("counties")}
    left_out = defaultdict(list)
    for row in fact("circles"):
        if row["membership"] == "excluded" and row["adcode"] not in units:
            left_out[counties[row["adcode"]]["parent"]].append(counties[row["adcode"]])
        elif row["membership"] != "excluded":
            units[row["adcode"]]["circle"] = row["circle"]
    for parent, rows in left_out.items():
        unit = units[parent]
        unit["circle_land"] = unit["land"] - total(float(r["area_km2"]) for r in rows)
        unit["circle_people"] = unit["people"] - sum(int(r["pop2020"]) for r in rows)


def add_census(units):
    for row in fact("census2020"):
        unit = units.get(row["adcode"])
        if unit is None:
            continue   # the nation, provinces, counties that are no region
        people = float(row["pop2020"])
        unit["college_share"] = (float(row["edu_college"]) + float(row["edu_bachelor_plus"])) / people
        unit["urban_share"] = float(row["urban"]) / people
        unit["housing"] = number(row["housing_m2_per_person"])
        unit["census"] = row
    for key, share in STATED_COLLEGE_SHARE.items():
        if key in units:
            units[key].update(college_share=share, urban_share=STATED_URBAN_SHARE[key], share_flag="imputed_stated")


def load_employment(units):
    """Long-form sample counts by sector of the economy (manufacturing stays one industry)."""
    employment = {}
    for row in fact("employment"):
        employment[row["adcode"]] = {
            j: total(float(row[c] or 0) for c in EMPLOYMENT_OF_SECTOR[j].split()) for j in SECTOR_IDS}
    return employment


def industry_employment(jobs):
    """Workers of the three industries; the manufacturing sectors hold the same count, so it enters once."""
    return {1: jobs["agriculture"],
            2: total(jobs[j] for j in ("mining", "consumer_goods", "utilities", "construction")),
            3: total(jobs[j] for j in BY_INDUSTRY[3])}


# ---------------------------------------------------------------------------------------------
# GDP and its three industries
# ---------------------------------------------------------------------------------------------


def complete_gdp(units, provinces, employment):
    by_province = defaultdict(list)
    for unit in units.values():
        by_province[unit["province"]].append(unit)
    for code, members in by_province.items():
        if code == "500000":
            complete_chongqing(members, provinces[code], employment)
        elif code in ("810000", "820000"):
            for unit in members:
                unit["gdp"] = float(unit["facts"]["gdp2020_est"])
                unit["gdp_flag"] = "imputed_converted_usd"
        elif code == "630000":
            # No 2020 figure in the source: the facts scale 2019 to the provincial total.
            for unit in members:
                unit["gdp"] = float(unit["facts"]["gdp2020_est"])
                unit["gdp_flag"] = "imputed_2019_scaled"
        else:
            missing = [unit for unit in members if unit["gdp"] is None]
            if missing:
                spread_residual(members, missing, float(provinces[code]["gdp2020"]))


def spread_residual(members, missing, province_gdp):
    """Units without a figure share what the provincial accounts have beyond the others, by people."""
    gap = province_gdp - total(unit["gdp"] for unit in members if unit["gdp"] is not None)
    if gap <= 0:
        raise SystemExit("no provincial residual to spread over " + missing[0]["id"])
    shares = scale_to({unit["id"]: unit["people"] for unit in missing}, gap)
    for unit in missing:
        unit["gdp"] = shares[unit["id"]]
        unit["gdp_flag"] = "imputed_residual_by_people"


def complete_chongqing(members, province, employment):
    """Districts: printed first-vintage figures stay, revised ones are scaled to the first vintage, and the
    districts without a figure share the rest by employment at the municipality's value added per worker."""
    city = next(row for row in fact("regions") if row["adcode"] == "500000")
    gdp = float(city["gdp2020"])
    industries = {k: float(city["va%d_2020" % k]) for k in (1, 2, 3)}
    factor = gdp / CHONGQING_REVISED_GDP
    for unit in members:
        if unit["gdp"] is not None and unit["facts"]["gdp_vintage"] == "revised":
            unit["gdp"] *= factor
            unit["gdp_flag"] = "imputed_vintage_scaled"
    jobs = {unit["id"]: industry_employment(employment[unit["id"]]) for unit in members}
    per_worker = {k: industries[k] / total(jobs[u["id"]][k] for u in members) for k in (1, 2, 3)}
    predicted = {u["id"]: {k: jobs[u["id"]][k] * per_worker[k] for k in (1, 2, 3)} for u in members}
    missing = [unit for unit in members if unit["gdp"] is None]
    rest = gdp - total(unit["gdp"] for unit in members if unit["gdp"] is not None)
    shares = scale_to({u["id"]: total(predicted[u["id"]].values()) for u in missing}, rest)
    for unit in missing:
        unit["gdp"] = shares[unit["id"]]
        unit["gdp_flag"] = "imputed_predictor_share"
    # The three industries: keep the printed splits, balance the others to districts and municipality.
    free = [unit for unit in members if unit["industries"] is None]
    columns = {k: industries[k] - total(u["industries"][k] for u in members if u["industries"]) for k in (1, 2, 3)}
    matrix = balance({u["id"]: predicted[u["id"]] for u in free}, {u["id"]: u["gdp"] for u in free}, columns)
    for unit in free:
        unit["industries"] = matrix[unit["id"]]
        unit["split_flag"] = "imputed_industry_split"


def complete_industries(units, employment, io):
    """Split GDP into the three industries where the facts do not, by employment at provincial productivity."""
    by_province = defaultdict(list)
    for unit in units.values():
        if unit["province"] in io:
            by_province[unit["province"]].append(unit)
    for code, members in by_province.items():
        known = [u for u in members if u["industries"] is not None]
        for unit in known:  # printed industries add to GDP within 0.02 per cent: make it exact
            unit["industries"] = scale_to(unit["industries"], unit["gdp"])
        base = known or members
        jobs = {u["id"]: industry_employment(employment[u["id"]]) for u in members}
        for unit in members:
            if unit["industries"] is not None:
                continue
            weights = {}
            for k in (1, 2, 3):
                made = (total(u["industries"][k] for u in known) if known
                        else total(io[code]["value_added"][j] for j in BY_INDUSTRY[k]))
                weights[k] = (jobs[unit["id"]][k] + 0.5) * made / total(jobs[u["id"]][k] for u in base)
            unit["industries"] = scale_to(weights, unit["gdp"])
            unit["split_flag"] = "imputed_industry_split"


# ---------------------------------------------------------------------------------------------
# Input-output tables and value added by sector
# ---------------------------------------------------------------------------------------------


def load_input_output():
    """The 2017 provincial tables in the sectors of the economy, in 100 million yuan."""
    fields = ("output", "rural_cons", "urban_cons", "gov_cons", "gfcf", "inventory", "exports", "imports",
              "outflow_domestic", "inflow_domestic", "value_added")
    io = {}
    for row in fact("provincial_io_2017"):
        table = io.setdefault(row["adcode"], {f: dict.fromkeys(SECTOR_IDS, 0.0) for f in fields})
        for f in fields:
            table[f][SECTOR_OF_IO[row["sector"]]] += float(row[f]) / 1e4
    for table in io.values():
        table["flows"] = {k: dict.fromkeys(SECTOR_IDS, 0.0) for k in SECTOR_IDS}
    for row in fact("provincial_io_2017_flows"):
        flows = io[row["adcode"]]["flows"]
        flows[SECTOR_OF_IO[row["from_sector"]]][SECTOR_OF_IO[row["to_sector"]]] += float(row["value"]) / 1e4
    return dict(sorted(io.items()))


def national_table(io):
    """The sum of the provincial tables."""
    nation = {}
    for field in next(iter(io.values())):
        if field == "flows":
            nation["flows"] = {k: {j: total(t["flows"][k][j] for t in io.values()) for j in SECTOR_IDS}
                               for k in SECTOR_IDS}
        else:
            nation[field] = {j: total(t[field][j] for t in io.values()) for j in SECTOR_IDS}
    return nation


def coefficients(table):
    """Inputs per unit of output; a sector a province does not have gets no inputs and counts as absent."""
    return {j: {k: (max(table["flows"][k][j], 0.0) / table["output"][j] if table["output"][j] > 0 else 0.0)
                for k in SECTOR_IDS} for j in SECTOR_IDS}


def value_added_by_sector(units, employment, io):
    """Value added by region and sector: three industries of each region split over sectors by the province's
    2017 structure and the region's share of the province's employment in the matching industry."""
    made = {}
    by_province = defaultdict(list)
    for unit in units.values():
        if unit["province"] in io:
            by_province[unit["province"]].append(unit)
    for code, members in by_province.items():
        structure = io[code]["value_added"]
        for unit in members:
            made[unit["id"]] = dict.fromkeys(SECTOR_IDS, 0.0)
        for k in (1, 2, 3):
            sectors = [j for j in BY_INDUSTRY[k] if structure[j] > 0]
            rows = {u["id"]: u["industries"][k] for u in members}
            columns = scale_to({j: structure[j] for j in sectors}, total(rows.values()))
            # Half a sampled person keeps a sector alive where the sample merely missed it.
            seed = {r: {j: columns[j] * (employment[r][j] + 0.5) for j in sectors} for r in rows}
            for r, line in balance(seed, rows, columns).items():
                made[r].update(line)
    return made


def stated_value_added(units, nation):
    """Hong Kong and Macao by stated structure; the rest of the world by stated industries, split inside each
    industry as China's was in 2017."""
    made = {}
    for key, structure in STATED_STRUCTURE.items():
        made[key] = dict.fromkeys(SECTOR_IDS, 0.0)
        made[key].update(scale_to(structure, units[key]["gdp"]))
    made["ROW"] = {}
    for k, share in ROW_INDUSTRY_SHARE.items():
        weights = {j: nation["value_added"][j] for j in BY_INDUSTRY[k]}
        made["ROW"].update(scale_to(weights, share * units["ROW"]["gdp"]))
    return made


def add_rest_of_world(units):
    """What is left of the world. Taiwan has no figures in the facts and is part of it."""
    inside = [u for u in units.values()]
    gdp = WORLD_GDP_USD * YUAN_PER_USD / 1e8 - NATION_GDP - units["810000"]["gdp"] - units["820000"]["gdp"]
    units["ROW"] = {
        "id": "ROW", "name_en": "Rest of the world", "name_zh": "世界其他地区", "province": "", "seat": (8.0, 50.0),
        "people": int(WORLD_PEOPLE) - sum(u["people"] for u in inside), "people_flag": "imputed_world_residual",
        "land": WORLD_LAND_KM2 - NATION_LAND_KM2, "land_flag": "imputed_world_residual",
        "gdp": gdp, "gdp_flag": "imputed_world_residual", "circle": "", "circle_land": None, "circle_people": None,
        "college_share": STATED_COLLEGE_SHARE["ROW"], "urban_share": STATED_URBAN_SHARE["ROW"], "housing": None,
        "share_flag": "imputed_stated", "industries": None, "split_flag": "",
    }


def area_of(unit):
    return unit["province"] or unit["id"]


def city_of(unit):
    """The prefecture-level city: Chongqing's districts and counties are one municipality with one registration."""
    return "500000" if unit["province"] == "500000" else unit["id"]


def developed_land(unit):
    """Land in use: people in towns and in the country at stated areas each, within the region's land."""
    urban = unit["urban_share"] if unit["urban_share"] != "" else 0.5
    used = unit["people"] * (urban * URBAN_M2_PER_PERSON + (1 - urban) * RURAL_M2_PER_PERSON) / 1e6
    return round(min(used, 0.9 * unit["land"]), 3)


def emit_regions(tables, units, made):
    header = ["id", "name_en", "name_zh", "adcode", "lon", "lat", "people", "people_flag", "gdp", "gdp_flag", "land_km2",
              "land_km2_flag", "developed_land_km2", "developed_land_km2_flag", "area", "province", "city", "circle", "territory",
              "circle_land_km2", "circle_people",
              "urban_share", "urban_share_flag", "college_share", "college_share_flag", "housing_m2_per_person"]
    rows, production = [], []
    for unit in units.values():
        values = {j: round(made[unit["id"]][j], 6) for j in SECTOR_IDS}
        largest = max(values, key=values.get)   # takes the rounding, so that a printed GDP stays as printed
        values[largest] = round(values[largest] + round(unit["gdp"], 6) - total(values.values()), 6)
        flag = {"810000": "imputed_stated", "820000": "imputed_stated", "ROW": "imputed_stated"}.get(
            unit["id"], unit["split_flag"] or "imputed_sector_split")
        for j in SECTOR_IDS:
            # In the primary industry there is one sector: nothing is imputed where the split is printed.
            observed = j == "agriculture" and flag == "imputed_sector_split" and not unit["gdp_flag"]
            production.append([unit["id"], j, values[j], "" if observed else flag])
        territory = "" if unit["id"] == "ROW" else "sar" if unit["id"] in ("810000", "820000") else "mainland"
        adcode = "" if unit["id"] == "ROW" else unit["id"]
        rows.append([unit["id"], unit["name_en"], unit["name_zh"], adcode, *unit["seat"], unit["people"], unit["people_flag"],
                     round(total(values.values()), 6), unit["gdp_flag"], unit["land"], unit["land_flag"], developed_land(unit),
                     "imputed_stated", area_of(unit), unit["province"], city_of(unit), unit["circle"], territory, unit["circle_land"], unit["circle_people"],
                     unit["urban_share"], unit["share_flag"], unit["college_share"], unit["share_flag"],
                     unit["housing"]])
    tables.add("regions", header, rows)
    tables.add("production", ["region", "sector", "value_added", "value_added_flag"], production)


def emit_sectors_and_sets(tables, units, provinces):
    tables.add("sectors", ["id", "name_en", "name_zh", "industry", "travel", "land_share", "research", "digital", "trade_region_effect"],
               [list(s[:5]) + list(s[5:]) for s in SECTORS])
    tables.add("groups", ["id", "name_en", "name_zh"],
               [["college", "College educated", "大专及以上学历"], ["others", "Others", "其他"]])
    rows = [[code, p["name_en"], p["name_zh"], p["pop2020"], p["gdp2020"]]
            for code, p in provinces.items() if code != "710000"]  # Taiwan: no figures, part of ROW
    tables.add("provinces", ["id", "name_en", "name_zh", "people", "gdp"], rows)
    tables.add("circles", ["id", "name_en", "name_zh", "note"], [list(c) for c in CIRCLES])
    cities = {}
    for unit in units.values():
        key = city_of(unit)
        cities[key] = [key, "Chongqing" if key == "500000" else unit["name_en"], "重庆市" if key == "500000" else unit["name_zh"]]
    tables.add("cities", ["id", "name_en", "name_zh"], list(cities.values()))
    tables.add("territories", ["id", "name_en", "name_zh"],
               [["mainland", "Mainland", "内地"], ["sar", "Special administrative regions", "特别行政区"]])


def emit_input_output(tables, io, nation):
    """Coefficients and final-demand shares; Hong Kong and Macao borrow Guangdong's, '*' (ROW) the nation's."""
    listed = {**io, "810000": io["440000"], "820000": io["440000"], "*": nation}
    rows, shares = [], []
    for area, table in listed.items():
        matrix = coefficients(table)
        for j in SECTOR_IDS:
            if 1 - total(matrix[j].values()) <= 0:
                raise SystemExit("no value added in %s %s" % (area, j))
            rows += [[area, k, j, round(matrix[j][k], 9)] for k in SECTOR_IDS]
        final = {j: max(0.0, total(table[f][j] for f in ("rural_cons", "urban_cons", "gov_cons", "gfcf", "inventory")))
                 for j in SECTOR_IDS}
        parts = {j: round(x, 9) for j, x in scale_to(final, 1.0).items()}
        largest = max(parts, key=parts.get)
        parts[largest] += 1 - total(parts.values())   # rounding must not break the sum
        shares += [[area, j, parts[j]] for j in SECTOR_IDS]
    # Coefficients need more digits than money: 9 decimals, written as they are.
    tables.add("input_output", ["area", "input_sector", "output_sector", "coefficient"],
               [[a, k, j, show(x, 9)] for a, k, j, x in rows])
    tables.add("final_demand", ["area", "sector", "share"], [[a, j, show(x, 9)] for a, j, x in shares])


def emit_trade_margins(tables, units, made, io):
    """2017 margins of each province and sector, scaled by its gross output in 2020 over 2017."""
    value = defaultdict(lambda: dict.fromkeys(SECTOR_IDS, 0.0))
    for unit in units.values():
        for j in SECTOR_IDS:
            value[area_of(unit)][j] += made[unit["id"]][j]
    rows = []
    for area, table in io.items():
        for j in SECTOR_IDS:
            # The value-added share is the same in both years, so outputs move as value added does.
            growth = value[area][j] / table["value_added"][j] if table["value_added"][j] > 0 else 0.0
            rows.append([area, j] + [max(0.0, table[f][j]) * growth
                                     for f in ("exports", "imports", "outflow_domestic", "inflow_domestic")])
    tables.add("trade_margins", ["area", "sector", "exports", "imports", "outflow", "inflow"], rows)


# ---------------------------------------------------------------------------------------------
# People and the wage bill
# ---------------------------------------------------------------------------------------------


def college_intensity(units, employment):
    """Share of college people by sector, from the cross-section of regions.

    The college share of a region is explained by its employment shares: least squares weighted by people,
    bounded to 0.02..0.9, by coordinate descent. Industries that grow together (finance with information, say)
    cannot be told apart from such data alone - unaided, the fit runs into its bounds - so each share is pulled,
    with a fixed weight, to the stated pattern COLLEGE_PRIOR scaled to the national mean."""
    count_of = {c: MANUFACTURING[0] if c == "manufacturing" else c for c in COLLEGE_PRIOR}
    points = []
    for unit in units.values():
        jobs = employment.get(unit["id"])
        if jobs and total(jobs.values()) > 0:   # Sansha's long form is empty
            mix = scale_to({c: jobs[j] for c, j in count_of.items()}, 1.0)
            points.append((unit["people"], mix, unit["college_share"]))
    weight = total(w for w, _, _ in points)
    mean = total(w * y for w, _, y in points) / weight
    level = mean / total(w * x[c] * COLLEGE_PRIOR[c] for w, x, _ in points for c in count_of) * weight
    prior = {c: COLLEGE_PRIOR[c] * level for c in count_of}
    gram = {a: {b: total(w * x[a] * x[b] for w, x, _ in points) / weight for b in count_of} for a in count_of}
    right = {a: total(w * x[a] * y for w, x, y in points) / weight for a in count_of}
    for c in count_of:
        gram[c][c] += COLLEGE_PULL / prior[c] ** 2
        right[c] += COLLEGE_PULL / prior[c]
    share = dict(prior)
    for _ in range(4000):
        moved = 0.0
        for c in count_of:
            best = share[c] + (right[c] - total(gram[c][b] * share[b] for b in count_of)) / gram[c][c]
            best = min(max(best, 0.02), 0.9)
            moved = max(moved, abs(best - share[c]))
            share[c] = best
        if moved < 1e-12:
            break
    return {j: share["manufacturing" if j in MANUFACTURING else j] for j in SECTOR_IDS}


def wage_bill_shares(intensity, wages, college_share):
    """Share of the college group in each sector's wage bill of one region.

    The intensities are shifted by one number on the logit scale such that, over the whole wage bill of the
    region, the college group earns exactly what its people would at the stated premium."""
    def at(shift):
        result = {}
        for j in SECTOR_IDS:
            odds = intensity[j] / (1 - intensity[j]) * math.exp(shift) * COLLEGE_WAGE_PREMIUM
            result[j] = odds / (1 + odds)
        return result
    odds = COLLEGE_WAGE_PREMIUM * college_share / (1 - college_share)
    target = odds / (1 + odds) * total(wages.values())
    low, high = -15.0, 15.0
    for _ in range(80):
        middle = (low + high) / 2
        shares = at(middle)
        if total(shares[j] * wages[j] for j in SECTOR_IDS) < target:
            low = middle
        else:
            high = middle
    return at((low + high) / 2)


def emit_people(tables, units, made, employment):
    land_share = {s[0]: s[5] for s in SECTORS}
    intensity = college_intensity(units, employment)
    people, bill = [], []
    for unit in units.values():
        college = int(round(unit["college_share"] * unit["people"]))
        flag = unit["share_flag"]
        people += [[unit["id"], "college", college, flag], [unit["id"], "others", unit["people"] - college, flag]]
        wages = {j: made[unit["id"]][j] * (1 - land_share[j]) for j in SECTOR_IDS}
        shares = wage_bill_shares(intensity, wages, college / unit["people"])
        for j in SECTOR_IDS:
            part = round(shares[j], 6)
            bill += [[unit["id"], j, "college", part], [unit["id"], j, "others", round(1 - part, 6)]]
    tables.add("people", ["region", "group", "people", "people_flag"], people)
    tables.add("wage_bill", ["area", "sector", "group", "share"], bill)
    return intensity


# ---------------------------------------------------------------------------------------------
# Network
# ---------------------------------------------------------------------------------------------


class Network:
    def __init__(self, units):
        self.units = units
        self.nodes, self.links = {}, {}
        for unit in units.values():
            self.nodes["R" + unit["id"]] = (unit["name_en"], unit["name_zh"], unit["id"], unit["seat"], "region")

    def link(self, key, a, b, mode, minutes, km, opened="", line="", flag=""):
        if key in self.links:
            raise SystemExit("link twice: " + key)
        self.links[key] = (a, b, mode, round(max(minutes, 3.0), 1), round(max(km, 1.0), 1), opened, line, flag)

    def seat(self, node):
        return self.nodes[node][3]

    def shortest_by_rail(self, source):
        """Minutes from source to every station over rail links alone."""
        return dijkstra(self.rail_neighbours("rail"), source)[0]

    def rail_neighbours(self, modes):
        near = defaultdict(list)
        for key, (a, b, mode, minutes, *_) in self.links.items():
            if mode.startswith(modes):
                near[a].append((b, minutes, key))
                near[b].append((a, minutes, key))
        return near


def dijkstra(near, source):
    """Least minutes from source, and the node and link before each node on the way."""
    best, before, queue = {source: 0.0}, {}, [(0.0, source)]
    while queue:
        here, node = heapq.heappop(queue)
        if here > best[node]:
            continue
        for other, minutes, key in near[node]:
            there = here + minutes
            if there < best.get(other, math.inf):
                best[other] = there
                before[other] = (node, key)
                heapq.heappush(queue, (there, other))
    return best, before


def add_rail_stations(network):
    """One station node for each junction of the rail facts; returns node name -> station id."""
    names = {row["node"]: row["name_en"] for row in fact("names_stations")}
    station = {}
    for row in fact("rail_nodes"):
        region = row["adcode"]
        if row["adcode"] == "500000":
            region = row["county_adcode"] or CHONGQING_STATION_REGION
        key = "S-" + slug(names[row["node"]])
        station[row["node"]] = key
        seat = (float(row["lon"]), float(row["lat"]))
        network.nodes[key] = (names[row["node"]] + " station", row["node"] + "站", region, seat, "station")
    return station


def add_rail_edges(network, station):
    """One high-speed and one conventional link for each pair of neighbouring junctions that has such trains."""
    times = {frozenset((r["node_a"], r["node_b"])): r for r in fact("rail_times")}
    pairs = defaultdict(list)
    for row in fact("rail_edges"):
        pairs[(row["node_a"], row["node_b"])
              if (row["node_b"], row["node_a"]) not in pairs else (row["node_b"], row["node_a"])].append(row)
    for (a, b), rows in pairs.items():
        train = times.get(frozenset((a, b)), {})
        km = float(rows[0]["gc_km"])
        name = "rail-%s-%s" % tuple(sorted((station[a][2:], station[b][2:])))
        fast = [r for r in rows if r["line_class"] in ("high_speed", "fast")]
        quick, slow = number(train.get("hs_min_minutes")), number(train.get("conv_min_minutes"))
        if quick is not None:
            line = max(fast, default=None, key=lambda r: (number(r["design_speed_kmh"]) or 0, -float(r["opened_year"] or 9999)))
            quick, flag = credible(quick, km)
            network.link(name + "-hs", station[a], station[b], "rail_high_speed", quick, km,
                         line["opened_year"] if line else "", line["line"] if line else "fast trains, line not stated", flag)
        mixed = [r for r in rows if r["line_class"] == "conventional"]
        if slow is not None or quick is None:
            mixed += [r for r in fast if r["line_class"] == "fast" or quick is None]
        if mixed:
            add_conventional(network, name, station[a], station[b], mixed, slow, km)


def credible(minutes, km, flag=""):
    """The printed time, unless no train is that fast."""
    if km / minutes * 60 > RAIL_MAX_DIRECT_KM_PER_H:
        return km / RAIL_CAPPED_KM_PER_H * 60, "imputed_capped_speed"
    return minutes, flag


def add_conventional(network, name, a, b, rows, slow, km):
    """Conventional link: the best conventional train, unless it went another way; else from the design speed."""
    design = max(number(r["design_speed_kmh"]) or 0 for r in rows) or RAIL_DEFAULT_DESIGN
    minutes, flag = km * RAIL_DETOUR / (RAIL_SPEED_SHARE * design) * 60, "imputed_design_speed"
    # (Yitulihe has the coordinates of Yakeshi, its county's seat: no distance to judge the train by.)
    if slow is not None and (km < 1 or km / slow * 60 >= RAIL_MIN_DIRECT_KM_PER_H):
        minutes, flag = slow, ""
    first = min(rows, key=lambda r: float(r["opened_year"] or 9999))
    network.link(name + "-conv", a, b, "rail_conventional", minutes, km, first["opened_year"], first["line"], flag)


def add_direct_services(network, station):
    """Direct high-speed trains that beat the sum of stops: the edges know only trains that stop at both ends.

    A pair is kept where its direct time is at least 3 minutes below the way along the edges and
    no third junction on the way explains it within 1 minute and 1 per cent."""
    direct = defaultdict(dict)
    for row in fact("rail_times"):
        if row["hs_min_minutes"]:
            a, b, minutes = station[row["node_a"]], station[row["node_b"]], float(row["hs_min_minutes"])
            direct[a][b] = direct[b][a] = minutes
    km = {frozenset((station[r["node_a"]], station[r["node_b"]])): float(r["gc_km"]) for r in fact("rail_times")}
    capped = {frozenset(link[:2]) for link in network.links.values() if link[7] == "imputed_capped_speed"}
    chosen = []
    for a in sorted(direct):
        along = network.shortest_by_rail(a)
        for b, minutes in sorted(direct[a].items()):
            if b <= a or minutes > along.get(b, math.inf) - 3:
                continue
            if frozenset((a, b)) in capped:   # the same impossible time again
                continue
            if not any(w in direct[b] and t + direct[b][w] <= minutes * 1.01 + 1 for w, t in direct[a].items() if w != b):
                chosen.append((a, b, minutes))
    opened = {(a, b): opened_along(network, a, b) for a, b, _ in chosen}   # before direct services are links themselves
    for a, b, minutes in chosen:
        network.link("rail-%s-%s" % (a[2:], b[2:]), a, b, "rail_high_speed", minutes, km[frozenset((a, b))], opened[a, b], "direct service")


def opened_along(network, a, b):
    """When the latest of the high-speed links on the quickest way from a to b opened: a direct train needs them all."""
    _, before = dijkstra(network.rail_neighbours("rail_high_speed"), a)
    years = []
    while b in before:
        b, key = before[b]
        years.append(network.links[key][5])
    return max((int(float(year)) for year in years if year), default="")


# Trains at Lo Wu and Zhuhai counted for Hong Kong and Macao; Chifeng had no high-speed line before 2020.
MISPLACED_2016 = {"810000", "820000", "150400"}


def add_stations_of_2016(network, units):
    """Cities that are no junction but had high-speed trains in March 2016: a station each, linked to the
    neighbours along the line (pairs no third city lies between)."""
    stations = defaultdict(list)
    for key, (_, _, region, seat, kind) in network.nodes.items():
        if kind == "station":
            stations[region].append((key, seat))
    known, new = {"500000": "S-chongqing"}, set()
    times = defaultdict(dict)
    for row in fact("hsr_times_2016"):
        a, b = row["adcode_a"], row["adcode_b"]
        if MISPLACED_2016 & {a, b}:
            continue
        # The median: the quickest train often joins two outer stations that lie nearer to each other.
        times[a][b] = times[b][a] = float(row["median_minutes"])
    for code in sorted(times):
        if code in known:
            continue
        near = [key for key, seat in stations[code] if distance_km(seat, units[code]["seat"]) < 25]
        if near:
            known[code] = near[0]
        else:
            unit = units[code]
            known[code] = "S-" + slug(unit["name_en"])
            new.add(code)
            network.nodes[known[code]] = (unit["name_en"] + " station", unit["name_zh"] + "站", code, unit["seat"], "station")
    for a in sorted(times):
        for b, minutes in sorted(times[a].items()):
            if b <= a or not (a in new or b in new):
                continue
            if any(w in times[b] and t + times[b][w] <= 1.15 * minutes + 10 for w, t in times[a].items() if w != b):
                continue
            x, y = known[a], known[b]
            km = distance_km(network.seat(x), network.seat(y))
            minutes, flag = credible(minutes, km, "imputed_timetable_2016")
            # It ran in March 2016: open by then, at the latest.
            network.link("rail-%s-%s-2016" % tuple(sorted((x[2:], y[2:]))), x, y, "rail_high_speed", minutes, km,
                         "2016", "timetable of March 2016", flag)
    return known


def add_access(network, units):
    """Region to its own stations; a region without one to the nearest station; Chongqing's central
    districts all to Chongqing station."""
    def access(region, station):
        a, b = "R" + region, station
        km = distance_km(network.seat(a), network.seat(b)) * ROAD_DETOUR
        network.link("access-%s-%s" % (region, station[2:]), a, b, "road",
                     max(ACCESS_MINUTES, km / ACCESS_KM_PER_H * 60), max(km, 2.0), "", "", "imputed_access")
    stations = [(key, node[2]) for key, node in network.nodes.items() if node[4] == "station"]
    for code in units:
        if code in ISLANDS or code == "ROW":
            continue
        own = [key for key, region in stations if region == code]
        if code in CHONGQING_CENTRE and "S-chongqing" not in own:
            own.append("S-chongqing")
        if not own:
            here = units[code]["seat"]
            same_land = [key for key, region in stations if (region[:2] == "46") == (code[:2] == "46")]
            own = [min(same_land, key=lambda key: (distance_km(here, network.seat(key)), key))]
        for key in own:
            access(code, key)


def road_allowed(a, b):
    if a in ISLANDS or b in ISLANDS or "ROW" in (a, b):
        return False
    if (a[:2] == "46") != (b[:2] == "46"):      # Hainan is an island
        return False
    return {a[:2], b[:2]} != {"21", "37"}       # the Bohai Strait


def add_roads(network, units):
    """Each region to its nearest neighbours, plus the shortest links that still join separate pieces."""
    codes = [c for c in units if c != "ROW"]
    distance = {c: sorted((distance_km(units[c]["seat"], units[d]["seat"]), d) for d in codes
                          if d != c and road_allowed(c, d)) for c in codes}
    pairs = {tuple(sorted((c, d))) for c in codes for _, d in distance[c][:ROAD_NEIGHBOURS]}
    leader = {c: c for c in codes}

    def find(c):
        while leader[c] != c:
            leader[c] = leader[leader[c]]
            c = leader[c]
        return c
    for key, a, b, *_ in STATED_CROSSINGS:
        leader[find(a)] = find(b)
    for a, b in sorted(pairs):
        leader[find(a)] = find(b)
    for km, a, b in sorted((km, c, d) for c in codes for km, d in distance[c] if c < d):
        if find(a) != find(b):
            leader[find(a)] = find(b)
            pairs.add((a, b))
    for a, b in sorted(pairs):
        km = distance_km(units[a]["seat"], units[b]["seat"]) * ROAD_DETOUR
        network.link("road-%s-%s" % (a, b), "R" + a, "R" + b, "road", km / ROAD_KM_PER_H * 60, km, "", "", "imputed_road")
    for key, a, b, minutes, km, line in STATED_CROSSINGS:
        network.link(key, "R" + a, "R" + b, "road", minutes, km, "", line, "imputed_stated")
    for code in SEA_PORTS:
        network.link("sea-%s" % slug(units[code]["name_en"]), "R" + code, "RROW", "road", SEA_MINUTES, 15000.0,
                     "", "sea lane", "imputed_stated")
    for code in BORDER_POSTS:
        network.link("border-%s" % slug(units[code]["name_en"]), "R" + code, "RROW", "road", BORDER_MINUTES, 7000.0,
                     "", "land border", "imputed_stated")


def emit_network(tables, units):
    network = Network(units)
    station = add_rail_stations(network)
    add_rail_edges(network, station)
    add_direct_services(network, station)
    station_of = add_stations_of_2016(network, units)
    add_access(network, units)
    # Scenarios name this link; a quicker way round it would make them say nothing.
    if network.shortest_by_rail("S-chengdu")["S-chongqing"] != network.links["rail-chengdu-chongqing"][3]:
        raise SystemExit("the direct trains Chengdu-Chongqing are not the quickest way")
    add_roads(network, units)
    tables.add("nodes", ["id", "name_en", "name_zh", "region", "lon", "lat", "kind"],
               [[key, en, zh, region, *seat, kind] for key, (en, zh, region, seat, kind) in network.nodes.items()])
    tables.add("links", ["id", "from_node", "to_node", "mode", "minutes", "length_km", "opened", "line", "minutes_flag"],
               [[key, *link] for key, link in network.links.items()])
    emit_travel_times(tables, network, station, station_of)
    emit_rail_2016(tables, network, station_of)


def emit_rail_2016(tables, network, station_of):
    """Times that trains took in March 2016 on high-speed links that were open by then and whose time is that of the timetable
    of 2020, for scenarios/rail_2016.yaml: where the quickest train took longer. Where it took less it often joins two outer
    stations that lie nearer to each other (see add_stations_of_2016), so the time of 2020 stays."""
    printed = {}
    for row in fact("hsr_times_2016"):
        if not MISPLACED_2016 & {row["adcode_a"], row["adcode_b"]}:
            ends = frozenset((station_of[row["adcode_a"]], station_of[row["adcode_b"]]))
            printed[ends] = float(row["min_minutes"])
    rows = []
    for key, (a, b, mode, minutes, _, opened, _, flag) in network.links.items():
        then = printed.get(frozenset((a, b)))
        if mode == "rail_high_speed" and not flag and opened and int(opened) <= 2016 and then is not None and then > minutes:
            rows.append([key, minutes, then])
    tables.add("rail_2016", ["link", "from", "to"], rows)


def emit_travel_times(tables, network, station, station_of):
    """Printed times of direct trains, against which `bashu network` holds the least times of the network. No mode: the
    quickest train of any."""
    rows = []
    for row in fact("rail_times"):
        ends = [station[row["node_a"]], station[row["node_b"]]]
        rows.append([*ends, "", 2020, float(row["min_minutes"]), int(row["trains"]), "T"])
        for mode, kind in (("rail_high_speed", "hs"), ("rail_conventional", "conv")):
            if row[kind + "_min_minutes"]:
                rows.append([*ends, mode, 2020, float(row[kind + "_min_minutes"]), int(row[kind + "_trains"]), "T"])
    for row in fact("hsr_times_2016"):
        if not MISPLACED_2016 & {row["adcode_a"], row["adcode_b"]}:
            ends = [station_of[row["adcode_a"]], station_of[row["adcode_b"]]]
            rows.append([*ends, "rail_high_speed", 2016, float(row["min_minutes"]), int(row["trains"]), "AA"])
    # Trains of January 2022 have no times; those between the ends of a link say how much it is used.
    modes = {(frozenset((a, b)), mode) for a, b, mode, *_ in network.links.values()}
    for row in fact("train_links_2022"):
        if not {row["adcode_a"], row["adcode_b"]} <= station_of.keys():
            continue
        ends = [station_of[row["adcode_a"]], station_of[row["adcode_b"]]]
        for mode, kind in (("rail_high_speed", "hs"), ("rail_conventional", "conv")):
            if (frozenset(ends), mode) in modes and row[kind + "_trains"]:
                rows.append([*ends, mode, 2022, "", int(row[kind + "_trains"]), "AB"])
    tables.add("travel_times", ["from_node", "to_node", "mode", "year", "minutes", "trains", "source"], rows)


# ---------------------------------------------------------------------------------------------
# Migration, zones, totals
# ---------------------------------------------------------------------------------------------


def emit_migration(tables, units):
    rows = []
    for unit in units.values():
        if "census" in unit:
            rows.append([unit["id"], unit["census"]["hukou_same_province"], unit["census"]["hukou_other_province"]])
    tables.add("migration", ["region", "from_same_area", "from_other_areas"], rows)
    weights = {}
    for row in fact("migration_margins"):
        if row["period"] == "2010-2015":
            code = MIGRATION_LABEL_IS.get(row["adcode"], row["adcode"])
            weights[code] = float(row["out_migrants_million"]) * 1e6
    tables.add("migration_origins", ["area", "weight"], [[a, w] for a, w in sorted(weights.items())])


def emit_zones(tables, units):
    rows = []
    for row in fact("new_areas"):
        name, area = row["name_en"], float(row["area_km2"])
        hosts = ZONE_HOSTS.get(name, row["host_adcodes"].split(";"))
        flag = "imputed_unchecked_area" if row["area_src"] == "u" else ""
        if name in ZONE_STATED_LAND:
            parts, flag = ZONE_STATED_LAND[name], "imputed_stated"
        elif len(hosts) > 1:
            parts, flag = scale_to({h: units[h]["land"] for h in hosts}, area), "imputed_by_host_land"
        else:
            parts = {hosts[0]: min(area, units[hosts[0]]["land"])}
        for host, part in parts.items():
            rows.append([ZONE_IDS[name], name + " New Area", row["name_zh"], host, round(part, 2), flag, row["approved"]])
    tables.add("zones", ["id", "name_en", "name_zh", "region", "land_km2", "land_km2_flag", "approved"], rows)


def emit_research(tables, units):
    """Researchers by use, and science as patents. Science sits where people work in research and technical services; industrial research
    follows the province's spending, inside it half those workers and half manufacturing; patents are the city's, else the province's."""
    raw = {row["adcode"]: row for row in fact("employment")}
    places = [u for u in units.values() if u["province"] and u["id"] in raw and u["id"] not in ("810000", "820000")]
    research = {u["id"]: float(raw[u["id"]]["research_technical"] or 0) for u in places}
    makers = {u["id"]: float(raw[u["id"]]["manufacturing"] or 0) for u in places}
    science = scale_to(research, RESEARCHERS * SCIENCE_SHARE)
    spending = {r["adcode"]: float(r["rd_exp_2020"]) for r in fact("innovation") if r["rd_exp_2020"]}
    patents = {r["adcode"]: float(r["invention_grants_cum_2016q1"]) for r in fact("innovation") if r["invention_grants_cum_2016q1"]}
    of_city = {r["adcode"]: float(r["invention_grants_cum_2016q1"]) for r in fact("innovation_cities") if r["invention_grants_cum_2016q1"]}
    industry_of = scale_to(spending, RESEARCHERS * (1 - SCIENCE_SHARE))
    rows = []
    for province in sorted(spending):
        inside = [u["id"] for u in places if u["province"] == province]
        r = scale_to({u: research[u] for u in inside}, 1)
        m = scale_to({u: makers[u] for u in inside}, 1)
        known = {u: of_city[u] for u in inside if u in of_city}
        rest = scale_to({u: research[u] for u in inside if u not in known} or {"": 1}, patents[province] - total(known.values()))
        for u in inside:
            industry = industry_of[province] * (r[u] + m[u]) / 2
            stock = known.get(u, rest.get(u, 0))
            rows.append([u, round(science[u], 1), "imputed_research_split", round(industry, 1), "imputed_research_split", round(stock, 2),
                         "" if u in known or len(inside) == 1 else "imputed_research_split"])
    tables.add("research", ["region", "science_researchers", "science_researchers_flag", "industry_researchers", "industry_researchers_flag",
                            "science_stock", "science_stock_flag"], rows)


def emit_totals(tables, units, provinces):
    sars = [units["810000"], units["820000"]]
    rows = [
        ["people", "all", "", NATION_PEOPLE + sum(u["people"] for u in sars), "census yearbook, with Hong Kong and Macao"],
        ["gdp", "all", "", NATION_GDP + total(u["gdp"] for u in sars), "yearbook 2021, with Hong Kong and Macao converted"],
        ["land_km2", "all", "", NATION_LAND_KM2, "official round figure"],
        ["people", "territory", "mainland", NATION_PEOPLE, "census yearbook, without servicemen"],
        ["gdp", "territory", "mainland", NATION_GDP, "yearbook 2021"],
    ]
    for code, p in provinces.items():
        if code in ("710000", "810000", "820000"):
            continue
        rows.append(["people", "province", code, int(p["pop2020"]), "A"])
        rows.append(["gdp", "province", code, float(p["gdp2020"]), "I"])
    tables.add("totals", ["variable", "set", "member", "value", "source"], rows)


def emit_indicators(tables, units):
    """Facts that no equation uses: for comparing places (bashu circles) and checking what is claimed of them (bashu audit)."""
    cities = {city_of(u) for u in units.values()} - {"ROW", ""}
    rows = []
    for row in fact("regions"):
        if row["adcode"] in cities and row["gdp2019"]:
            rows.append(["gdp", "city", row["adcode"], 2019, float(row["gdp2019"]), "currency_unit", "C", ""])
    rows.append(["gdp", "territory", "mainland", 2019, NATION_GDP_2019, "currency_unit", "statistical communique of 2019 (28 February 2020), first accounts", ""])
    for row in fact("regions"):
        if row["adcode"] in cities and row["pop2010"]:
            rows.append(["people", "city", row["adcode"], 2010, int(float(row["pop2010"])), "persons", "B", ""])
    for row in fact("employment"):
        jobs = [float(value or 0) for key, value in row.items() if key not in ("adcode", "name_zh", "level", "emp_sample")]
        if row["adcode"] in units and sum(jobs) > 0:
            share = float(row["research_technical"] or 0) / sum(jobs)
            rows.append(["research_worker_share", "region", row["adcode"], 2020, round(share, 6), "share", "A", ""])
    for row in fact("innovation"):
        if row["adcode"] == "710000":   # Taiwan is part of ROW
            continue
        if row["rd_exp_2020"]:
            rows.append(["research_spending", "province", row["adcode"], 2020, float(row["rd_exp_2020"]), "currency_unit", "O", ""])
        if row["invention_grants_cum_2016q1"]:
            rows.append(["invention_patents_since_1985", "province", row["adcode"], 2016, float(row["invention_grants_cum_2016q1"]), "patents", "P", ""])
    tables.add("indicators", ["variable", "set", "member", "year", "value", "unit", "source", "value_flag"], rows)


# ---------------------------------------------------------------------------------------------


def build():
    tables = Tables()
    provinces = {row["adcode"]: row for row in fact("provinces")}
    units = load_units()
    employment = load_employment(units)
    io = load_input_output()
    nation = national_table(io)
    complete_gdp(units, provinces, employment)
    complete_industries(units, employment, io)
    add_rest_of_world(units)
    made = value_added_by_sector(units, employment, io)
    made.update(stated_value_added(units, nation))
    emit_regions(tables, units, made)
    emit_sectors_and_sets(tables, units, provinces)
    emit_input_output(tables, io, nation)
    emit_trade_margins(tables, units, made, io)
    emit_people(tables, units, made, employment)
    emit_network(tables, units)
    emit_migration(tables, units)
    emit_zones(tables, units)
    emit_research(tables, units)
    emit_totals(tables, units, provinces)
    emit_indicators(tables, units)
    return tables


def check(tables):
    """Names of the committed tables that differ from freshly built ones."""
    with tempfile.TemporaryDirectory() as folder:
        tables.write(Path(folder))
        return [name for name in tables.files
                if not (HERE / name).exists() or not filecmp.cmp(HERE / name, Path(folder) / name, shallow=False)]


def main():
    parser = argparse.ArgumentParser(description="build the tables of the economy china2020 from its facts")
    parser.add_argument("--check", action="store_true", help="compare instead of writing; exit 1 when a table differs")
    parser.add_argument("--output", type=Path, default=HERE, metavar="DIR", help="write the tables there")
    options = parser.parse_args()
    tables = build()
    if options.check:
        different = check(tables)
        for name in different:
            print("different: economies/china2020/" + name, file=sys.stderr)
        return 1 if different else 0
    options.output.mkdir(parents=True, exist_ok=True)
    tables.write(options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
