-- Sales and purchases of the year 2000 are the whole of the accounts: one sector, no inputs, labour alone.
CREATE TABLE flows AS SELECT exporter, importer, trade FROM panel WHERE year = 2000;

CREATE TABLE regions AS
SELECT exporter AS id, exporter AS name_en, exporter AS name_zh, NULL AS lon, NULL AS lat,
       1 AS people, sum(trade) AS gdp, 1 AS land_km2, exporter AS area
FROM flows GROUP BY exporter ORDER BY exporter;

CREATE TABLE sectors AS SELECT 'goods' AS id, 'Goods' AS name_en, '商品' AS name_zh, 2 AS industry, 'none' AS travel;
CREATE TABLE groups AS SELECT 'all' AS id, 'All' AS name_en, '全体' AS name_zh;
CREATE TABLE people AS SELECT id AS region, 'all' AS "group", people, '' AS people_flag FROM regions;
CREATE TABLE production AS SELECT id AS region, 'goods' AS sector, gdp AS value_added, '' AS value_added_flag FROM regions;
CREATE TABLE input_output AS SELECT '*' AS area, 'goods' AS input_sector, 'goods' AS output_sector, 0 AS coefficient;
CREATE TABLE final_demand AS SELECT '*' AS area, 'goods' AS sector, 1 AS share;
CREATE TABLE wage_bill AS SELECT '*' AS area, 'goods' AS sector, 'all' AS "group", 1 AS share;
CREATE TABLE trade AS
SELECT 'goods' AS sector, exporter AS origin, importer AS destination, trade AS value FROM flows WHERE trade > 0;
