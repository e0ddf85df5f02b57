-- Trade of 1993 in dollars, net of tariffs, with the tariffs of both years.
CREATE TABLE trade_abroad AS
SELECT sector_id AS sector, exporter_id AS origin, importer_id AS destination, 1000 * trade_1993_kusd AS net,
       tariff_1993_pct / 100 AS tariff, tariff_2005_pct / 100 AS tariff_2005
FROM flows WHERE importer_id <> exporter_id AND trade_1993_kusd > 0;

-- Output is at least what is exported; the rest is sold at home.
CREATE TABLE output AS
SELECT g.region_id AS region, g.sector_id AS sector, coalesce(x.net, 0) AS exports, max(g.value, coalesce(x.net, 0)) AS value
FROM gross_output g
LEFT JOIN (SELECT origin, sector, sum(net) AS net FROM trade_abroad GROUP BY origin, sector) x ON x.origin = g.region_id AND x.sector = g.sector_id;

CREATE TABLE trade AS
SELECT sector, origin, destination, net * (1 + tariff) AS value, tariff FROM trade_abroad
UNION ALL SELECT sector, region, region, value - exports, 0 FROM output WHERE value > exports;

CREATE TABLE input_output AS
SELECT i.region_id AS area, i.input_sector_id AS input_sector, i.user AS output_sector, (1 - v.share) * i.share AS coefficient
FROM input_share i JOIN value_added v ON v.region_id = i.region_id AND v.sector_id = i.user;

-- What inputs leave: their shares sum to 1 within 7e-7.
CREATE TABLE production AS
SELECT region, sector, value * (1 - bought) AS value_added
FROM output JOIN (SELECT area, output_sector, sum(coefficient) AS bought FROM input_output GROUP BY area, output_sector)
ON area = region AND output_sector = sector;

CREATE TABLE regions AS
SELECT region_id AS id, c.region AS name_en, c.region AS name_zh, NULL AS lon, NULL AS lat, 1 AS people, sum(value_added) AS gdp,
       1 AS land_km2, region_id AS area
FROM countries c JOIN production p ON p.region = region_id GROUP BY region_id ORDER BY CAST(region_id AS INTEGER);

CREATE TABLE sectors AS
SELECT sector_id AS id, sector AS name_en, sector AS name_zh, 2 AS industry, theta AS trade_elasticity FROM industries;

-- The agreement: among Canada, Mexico and the United States.
CREATE TABLE nafta AS SELECT region_id AS id, region AS name FROM countries WHERE region IN ('Canada', 'Mexico', 'USA');
CREATE TABLE tariffs AS
SELECT origin, destination, sector, tariff AS "from", tariff_2005 AS "to" FROM trade_abroad
WHERE origin IN (SELECT id FROM nafta) AND destination IN (SELECT id FROM nafta);
