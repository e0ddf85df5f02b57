-- Sixteen places on the unit square; wages, residents and the pull of work without a pattern. Trade costs are exp(0.5 distance);
-- commuters from n to i in proportion to pull_i exp(-4 distance). Places spend what their residents earn: no deficits.
CREATE TABLE places AS
WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 16)
SELECT printf('p%02d', i) AS id, i, 1000 * exp(i * 0.7548776662466927 - floor(i * 0.7548776662466927)) AS people,
       exp(0.5 * (i * 0.6180339887498949 - floor(i * 0.6180339887498949))) AS wage,
       exp(1.5 * (i * 0.4142135623730951 - floor(i * 0.4142135623730951))) AS pull,
       0.5 + i * 0.7548776662466927 - floor(0.5 + i * 0.7548776662466927) AS x,
       0.5 + i * 0.5698402909980532 - floor(0.5 + i * 0.5698402909980532) AS y
FROM k;
CREATE TABLE ways AS
SELECT a.id AS n, b.id AS i, a.people AS people, b.pull * exp(-4 * sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y))) AS near,
       sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)) AS distance
FROM places a CROSS JOIN places b;
CREATE TABLE commuting AS
SELECT n AS residence, i AS workplace, people * near / sum(near) OVER (PARTITION BY n) AS commuters FROM ways;
CREATE TABLE accounts AS
SELECT id, people, wage, (SELECT sum(commuters) FROM commuting WHERE workplace = id) AS workers
FROM places p;
CREATE TABLE regions AS
SELECT id, id AS name_en, id AS name_zh, NULL AS lon, NULL AS lat, people, wage * workers AS gdp, 1 AS land_km2, id AS area
FROM accounts;
CREATE TABLE sectors AS SELECT 'goods' AS id, 'Goods' AS name_en, '商品' AS name_zh, 2 AS industry;
CREATE TABLE production AS SELECT id AS region, 'goods' AS sector, wage * workers AS value_added FROM accounts;
CREATE TABLE trade_cost AS SELECT '*' AS sector, i AS origin, n AS destination, exp(0.5 * distance) AS cost FROM ways;
CREATE TABLE final_demand AS SELECT '*' AS area, 'goods' AS sector, 1 AS share;
-- what changes: trade a twentieth dearer, some places more productive (and commuting a tenth cheaper, closer.yaml)
CREATE TABLE dearer AS SELECT i AS origin, n AS destination, 1.05 AS hat FROM ways WHERE n <> i;
CREATE TABLE productivity AS SELECT id AS region, 1 + i / 80.0 AS hat FROM places;
CREATE TABLE shifts AS SELECT id, people, productivity.hat AS productivity FROM places JOIN productivity ON region = id;
