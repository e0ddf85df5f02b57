-- The parameters of levels.py.
CREATE TABLE params AS SELECT 'goods' AS sector, 4 AS theta, 0.35 AS alpha, 0.5 AS g UNION ALL SELECT 'services', 6, 0.65, 0.7;
CREATE TABLE owners AS SELECT 'west' AS region, 0.25 AS b, 0.7 AS iota UNION ALL SELECT 'east', 0.4, 0.3;
CREATE TABLE input_output AS
SELECT '*' AS area, 'goods' AS input_sector, 'goods' AS output_sector, 0.3 AS coefficient UNION ALL SELECT '*', 'services', 'goods', 0.2
UNION ALL SELECT '*', 'goods', 'services', 0.1 UNION ALL SELECT '*', 'services', 'services', 0.2;

CREATE VIEW trade AS SELECT * FROM flows;
CREATE TABLE production AS
SELECT origin AS region, sector, g * sum(value) AS value_added, b AS land_share
FROM flows JOIN params USING (sector) JOIN owners ON region = origin GROUP BY origin, sector;
CREATE TABLE sectors AS SELECT sector AS id, sector AS name_en, sector AS name_zh, 2 AS industry, theta AS trade_elasticity FROM params;
CREATE TABLE groups AS
SELECT 'goods' AS id, 'In goods' AS name_en, '商品业' AS name_zh UNION ALL SELECT 'services', 'In services', '服务业' UNION ALL SELECT 'home', 'At home', '家庭';
CREATE VIEW people AS SELECT region, "group", people FROM markets;
CREATE TABLE wage_bill AS SELECT '*' AS area, sector, id AS "group", sector = id AS share FROM params CROSS JOIN groups;
CREATE TABLE final_demand AS SELECT '*' AS area, sector, alpha AS share FROM params;
CREATE TABLE regions AS
SELECT region AS id, region AS name_en, region AS name_zh, NULL AS lon, NULL AS lat, (SELECT sum(people) FROM people p WHERE p.region = o.region) AS people,
       (SELECT sum(value_added) FROM production p WHERE p.region = o.region) AS gdp, 1 AS land_km2, region AS area, 'specific' AS structures, iota AS portfolio_share
FROM owners o;
CREATE VIEW gross_flows AS SELECT * FROM moves WHERE region <> to_region OR "group" <> to_group; -- the others stay
