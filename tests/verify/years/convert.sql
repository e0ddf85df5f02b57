CREATE TABLE trade AS SELECT 'goods' AS sector, origin, destination, value FROM flows;
CREATE TABLE production AS SELECT origin AS region, 'goods' AS sector, sum(value) AS value_added FROM flows GROUP BY origin;
CREATE TABLE regions AS
SELECT region AS id, region AS name_en, region AS name_zh, NULL AS lon, NULL AS lat, 1 AS people, value_added AS gdp, 1 AS land_km2,
       region AS area, CASE region WHEN '01' THEN 'west' ELSE 'east' END AS part
FROM production;
CREATE TABLE sectors AS SELECT 'goods' AS id, 'Goods' AS name_en, '商品' AS name_zh, 2 AS industry;
CREATE TABLE parts AS SELECT DISTINCT part AS id, part AS name_en, part AS name_zh FROM regions;
