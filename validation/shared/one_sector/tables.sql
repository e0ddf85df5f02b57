-- One sector without inputs, one group of people, from two tables of the case:
--   places(id, people, ...), flows(origin, destination, value)
CREATE TABLE trade AS SELECT 'goods' AS sector, origin, destination, value FROM flows;
CREATE TABLE production AS SELECT origin AS region, 'goods' AS sector, sum(value) AS value_added FROM flows GROUP BY origin;
CREATE TABLE regions AS
SELECT id, id AS name_en, id AS name_zh, NULL AS lon, NULL AS lat, people, value_added AS gdp, 1 AS land_km2, id AS area
FROM places JOIN production ON region = id ORDER BY id;
CREATE TABLE sectors AS SELECT 'goods' AS id, 'Goods' AS name_en, '商品' AS name_zh, 2 AS industry;
