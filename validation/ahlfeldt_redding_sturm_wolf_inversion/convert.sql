-- From lists in JSON to tables. Residents are scaled to workers, rents to geometric mean 1, as the package does.
CREATE TABLE parameters AS
SELECT json_extract(json, '$.parameters.alpha') AS alpha, json_extract(json, '$.parameters.beta') AS beta, json_extract(json, '$.parameters.theta') AS theta,
       json_extract(json, '$.parameters.lambda') AS lambda, json_extract(json, '$.parameters.eta') AS eta, json_extract(json, '$.parameters.mu') AS mu
FROM city;
CREATE TABLE observed AS
SELECT 'p' || (r.key + 1) AS id, r.key AS number, r.value * 1.0 AS residents, w.value * 1.0 AS workers, q.value * 1.0 AS price, k.value AS land
FROM city, json_each(city.json, '$.L_i_residents') r, json_each(city.json, '$.L_j_workers') w,
     json_each(city.json, '$.Q_floorspace_price') q, json_each(city.json, '$.K_land') k
WHERE w.key = r.key AND q.key = r.key AND k.key = r.key;
CREATE TABLE places AS
SELECT id, number, residents * (SELECT sum(workers) / sum(residents) FROM observed) AS residents, workers, land,
       price / (SELECT exp(avg(ln(price))) FROM observed) AS rent
FROM observed;

-- Value added comes with the wages that commuting implies (wages.sql); until then the wage is 1 everywhere.
CREATE TABLE production AS SELECT id AS region, 'good' AS sector, workers / beta AS value_added FROM places, parameters;
CREATE TABLE regions AS
SELECT id, id AS name_en, id AS name_zh, NULL AS lon, NULL AS lat, residents AS people, value_added AS gdp, land AS land_km2, 'city' AS area, rent
FROM places JOIN production ON region = id;
CREATE TABLE sectors AS SELECT 'good' AS id, 'Good' AS name_en, '商品' AS name_zh, 2 AS industry, 'way' AS travel;
CREATE TABLE final_demand AS SELECT 'city' AS area, 'good' AS sector, 1 AS share;
CREATE TABLE workers AS SELECT id AS region, workers FROM places;
CREATE TABLE nodes AS SELECT 'n' || id AS id, id AS name_en, id AS name_zh, id AS region, NULL AS lon, NULL AS lat, 'region' AS kind FROM places;
CREATE TABLE links AS
SELECT a.id || b.id AS id, 'n' || a.id AS from_node, 'n' || b.id AS to_node, 'road' AS mode, c.value AS minutes, NULL AS length_km, 'oneway' AS direction
FROM city, json_each(city.json, '$.t_ij_minutes') r, json_each(r.value) c, places a, places b
WHERE a.number = r.key AND b.number = c.key AND a.number <> b.number;
