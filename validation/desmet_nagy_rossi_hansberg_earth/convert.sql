-- What the cells are like is invented: people by a wave over the land, income per head that rises towards the poles.
CREATE TABLE people AS
SELECT id, land_km2 * 54 * exp(1.2 * sin(radians(2 * lon + 3 * lat)) + 0.8 * cos(radians(5 * lon)) - 0.0004 * lat * lat) AS people FROM places;
CREATE TABLE production AS
SELECT id AS region, 'goods' AS sector, people * exp(0.02 * abs(lat) + 0.3 * cos(radians(lon + 4 * lat))) AS value_added FROM places JOIN people USING (id);
CREATE TABLE regions AS
SELECT id, id AS name_en, id AS name_zh, lon, lat, people, value_added AS gdp, land_km2, id AS area
FROM places JOIN people USING (id) JOIN production ON region = id;
CREATE TABLE sectors AS SELECT 'goods' AS id, 'Goods' AS name_en, '商品' AS name_zh, 2 AS industry;
CREATE TABLE final_demand AS SELECT '*' AS area, 'goods' AS sector, 1 AS share;
CREATE TABLE trade_cost AS SELECT 'goods' AS sector, origin, destination, pow(1 + km / 100, 0.15) AS cost FROM distances WHERE origin <> destination;
