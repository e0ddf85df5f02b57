-- Codes with a leading zero stay text; the columns to_01, to_02, to_03 of flows.csv have become rows.
CREATE TABLE trade AS SELECT 'goods' AS sector, origin, destination, value FROM flows;
CREATE TABLE production AS SELECT origin AS region, 'goods' AS sector, sum(value) AS value_added FROM flows GROUP BY origin;
CREATE TABLE regions AS
SELECT region AS id, region AS name_en, region AS name_zh, NULL AS lon, NULL AS lat, 1 AS people, value_added AS gdp,
       1 AS land_km2, region AS area
FROM production;
CREATE TABLE sectors AS
SELECT 'goods' AS id, 'Goods' AS name_en, '商品' AS name_zh, 2 AS industry, 'none' AS travel,
       (SELECT json_extract(json, '$.theta') FROM params) AS trade_elasticity;
CREATE TABLE groups AS SELECT 'all' AS id, 'All' AS name_en, '全体' AS name_zh;
CREATE TABLE people AS SELECT id AS region, 'all' AS "group", 1 AS people FROM regions;
CREATE TABLE input_output AS SELECT '*' AS area, 'goods' AS input_sector, 'goods' AS output_sector, 0 AS coefficient;
CREATE TABLE final_demand AS SELECT '*' AS area, 'goods' AS sector, 1 AS share;
CREATE TABLE wage_bill AS SELECT '*' AS area, 'goods' AS sector, 'all' AS "group", 1 AS share;
