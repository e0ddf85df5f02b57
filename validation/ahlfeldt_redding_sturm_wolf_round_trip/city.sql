-- Eight places of ../shared/places.sql with residents, workers, rents, land and streets; firms pay each worker what suits them.
CREATE TABLE observed AS
SELECT id, 1000 * size AS residents, exp(1.5 * x) * (SELECT sum(1000 * size) / sum(exp(1.5 * x)) FROM places) AS workers, 5 + 4 * y + x AS rent, 0.5 + y AS land, 1 + 0.2 * x - 0.1 * y AS wage FROM places;
CREATE TABLE production AS SELECT id AS region, 'good' AS sector, wage * workers / 0.8 AS value_added FROM observed;
CREATE TABLE regions AS
SELECT id, id AS name_en, id AS name_zh, NULL AS lon, NULL AS lat, residents AS people, value_added AS gdp, land AS land_km2, 'city' AS area, rent
FROM observed JOIN production ON region = id;
CREATE TABLE sectors AS SELECT 'good' AS id, 'Good' AS name_en, '商品' AS name_zh, 2 AS industry, 'way' AS travel;
CREATE TABLE final_demand AS SELECT 'city' AS area, 'good' AS sector, 1 AS share;
CREATE TABLE workers AS SELECT id AS region, workers FROM observed;
CREATE TABLE nodes AS SELECT 'n' || id AS id, id AS name_en, id AS name_zh, id AS region, NULL AS lon, NULL AS lat, 'region' AS kind FROM places;
CREATE TABLE links AS
SELECT a.id || b.id AS id, 'n' || a.id AS from_node, 'n' || b.id AS to_node, 'road' AS mode,
       2 + 20 * sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)) AS minutes, NULL AS length_km
FROM places a JOIN places b ON a.i < b.i;

-- What the scenario does, to compare with.
CREATE TABLE shock AS
SELECT id, CASE WHEN id IN ('p1', 'p2') THEN 1.05 ELSE 1 END AS productivity, CASE WHEN id IN ('p3', 'p4') THEN 1.1 ELSE 1 END AS amenity,
       CASE WHEN id IN ('p2', 'p5') THEN 1.2 ELSE 1 END AS land
FROM places;
