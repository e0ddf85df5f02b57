-- Cells, their accounts, and what trade between them costs: (1 + km / 100)^0.15 along great circles.
CREATE TABLE production AS SELECT place AS region, 'goods' AS sector, wages / (0.8 + 0.319 / 125) AS value_added FROM places;
CREATE TABLE regions AS
SELECT place AS id, place AS name_en, place AS name_zh, lon, lat, people, value_added AS gdp, land_km2, place AS area
FROM places JOIN production ON region = place;
CREATE TABLE sectors AS SELECT 'goods' AS id, 'Goods' AS name_en, '商品' AS name_zh, 2 AS industry;
CREATE TABLE trade_cost AS
SELECT 'goods' AS sector, a.place AS origin, b.place AS destination,
       pow(1 + 6371 * 2 * asin(sqrt(pow(sin(radians(b.lat - a.lat) / 2), 2) + cos(radians(a.lat)) * cos(radians(b.lat)) * pow(sin(radians(b.lon - a.lon) / 2), 2))) / 100, 0.15) AS cost
FROM places a CROSS JOIN places b WHERE a.place <> b.place;
CREATE TABLE final_demand AS SELECT '*' AS area, 'goods' AS sector, 1 AS share;
