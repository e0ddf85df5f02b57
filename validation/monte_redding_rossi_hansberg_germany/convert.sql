CREATE TABLE commuting AS
SELECT r.county_id AS residence, w.county_id AS workplace, people AS commuters
FROM flows JOIN counties r ON r.idx = residence JOIN counties w ON w.idx = work_idx WHERE people > 0;

-- Costs grow with distance; those of the shortest distance (inside a county) are 1.
CREATE VIEW trade_cost AS
SELECT '*' AS sector, o.county_id AS origin, d.county_id AS destination,
       pow(metres / (SELECT min(metres) FROM distances), (SELECT json_extract(json, '$.psi') FROM params)) AS cost
FROM distances JOIN counties d ON d.idx = distances.idx JOIN counties o ON o.idx = seller;

-- One good, made by labour alone: value added is the wages of those who work there.
CREATE TABLE production AS
SELECT county_id AS region, 'goods' AS sector, wage_workplace_eur_month * sum(commuters) AS value_added
FROM counties JOIN commuting ON workplace = county_id GROUP BY county_id;
CREATE TABLE sectors AS SELECT 'goods' AS id, 'Goods' AS name_en, '商品' AS name_zh, 2 AS industry;
CREATE TABLE final_demand AS SELECT '*' AS area, 'goods' AS sector, 1 AS share;

CREATE TABLE sides AS SELECT 'east' AS id, 'East Germany' AS name_en, '东德' AS name_zh UNION ALL SELECT 'west', 'West Germany', '西德';
CREATE TABLE regions AS
SELECT county_id AS id, name AS name_en, name AS name_zh, NULL AS lon, NULL AS lat, people, value_added AS gdp, area_km2 AS land_km2,
       'germany' AS area, CASE east WHEN 1 THEN 'east' ELSE 'west' END AS side
FROM counties JOIN production ON region = county_id
JOIN (SELECT residence, sum(commuters) AS people FROM commuting GROUP BY residence) ON residence = county_id ORDER BY idx;
