-- What every economy with observed trade and labour alone has in common, from three tables of the case:
--   trade(sector, origin, destination, value), without tariffs
--   input_output(area, input_sector, output_sector, coefficient), area '*' or a region
--   sectors(id, ...)
-- Sales are gross output; what inputs leave of it is value added, all of it wages. One person stands for a region's people.
CREATE TABLE output AS SELECT origin AS region, sector, sum(value) AS value FROM trade GROUP BY origin, sector;

CREATE TABLE production AS
SELECT r.region, s.id AS sector,
       coalesce(o.value, 0) * (1 - (SELECT coalesce(sum(coefficient), 0) FROM input_output i
                                    WHERE i.output_sector = s.id AND i.area IN (r.region, '*'))) AS value_added
FROM (SELECT DISTINCT origin AS region FROM trade) r CROSS JOIN sectors s
LEFT JOIN output o ON o.region = r.region AND o.sector = s.id;

CREATE TABLE regions AS
SELECT region AS id, region AS name_en, region AS name_zh, NULL AS lon, NULL AS lat, 1 AS people, sum(value_added) AS gdp,
       1 AS land_km2, region AS area
FROM production GROUP BY region ORDER BY region;

CREATE TABLE groups AS SELECT 'all' AS id, 'All' AS name_en, '全体' AS name_zh;
CREATE TABLE people AS SELECT id AS region, 'all' AS "group", people FROM regions;
CREATE TABLE wage_bill AS SELECT '*' AS area, id AS sector, 'all' AS "group", 1 AS share FROM sectors;
-- a prior that observed trade replaces
CREATE TABLE final_demand AS SELECT '*' AS area, id AS sector, 1.0 / (SELECT count(*) FROM sectors) AS share FROM sectors;
