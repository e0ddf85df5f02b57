-- Provinces of economies/china2020 and two sectors, agriculture and the rest. A province is what shares an `area`.
CREATE TABLE sector_of AS SELECT id, CASE WHEN industry = 1 THEN 'agriculture' ELSE 'rest' END AS sector FROM fine_sectors;
CREATE TABLE area_of AS SELECT id, area, people, land_km2, lon, lat FROM fine_regions;
CREATE TABLE regions AS
SELECT area AS id, area AS name_en, area AS name_zh, sum(lon * people) / sum(people) AS lon, sum(lat * people) / sum(people) AS lat,
       sum(people) AS people, (SELECT sum(value_added) FROM fine_production p JOIN area_of o ON o.id = p.region WHERE o.area = a.area) AS gdp,
       sum(land_km2) AS land_km2, area
FROM area_of a GROUP BY area;
CREATE TABLE sectors AS
SELECT 'agriculture' AS id, 'Agriculture' AS name_en, '农业' AS name_zh, 1 AS industry, 0.49 AS land_share
UNION ALL SELECT 'rest', 'The rest', '其他', 2, 0.05;
CREATE TABLE production AS
SELECT area AS region, s.sector, sum(value_added) AS value_added
FROM fine_production p JOIN area_of a ON a.id = p.region JOIN sector_of s ON s.id = p.sector GROUP BY area, s.sector;
-- coefficients weighted by output, value added over its share in output
CREATE TABLE coefficients AS
SELECT r.area, c.input_sector, c.output_sector, c.coefficient FROM regions r
JOIN fine_inputs c ON c.area = CASE WHEN r.area IN (SELECT area FROM fine_inputs) THEN r.area ELSE '*' END;
CREATE TABLE made AS
SELECT a.area, p.sector, sum(value_added) / (1 - (SELECT sum(coefficient) FROM coefficients c WHERE c.area = a.area AND c.output_sector = p.sector)) AS output
FROM fine_production p JOIN area_of a ON a.id = p.region GROUP BY a.area, p.sector;
CREATE TABLE input_output AS
SELECT c.area, i.sector AS input_sector, o.sector AS output_sector,
       coalesce(sum(coefficient * output) / (SELECT sum(output) FROM made m JOIN sector_of t ON t.id = m.sector WHERE m.area = c.area AND t.sector = o.sector), 0) AS coefficient
FROM coefficients c JOIN made m ON m.area = c.area AND m.sector = c.output_sector
JOIN sector_of i ON i.id = c.input_sector JOIN sector_of o ON o.id = c.output_sector
GROUP BY c.area, i.sector, o.sector;
CREATE TABLE final_demand AS
SELECT r.area, s.sector, sum(share) AS share FROM regions r
JOIN fine_final f ON f.area = CASE WHEN r.area IN (SELECT area FROM fine_final) THEN r.area ELSE '*' END
JOIN sector_of s ON s.id = f.sector GROUP BY r.area, s.sector;
CREATE TABLE trade_margins AS
SELECT area, s.sector, sum(exports) AS exports, sum(imports) AS imports, sum(outflow) AS outflow, sum(inflow) AS inflow
FROM fine_margins m JOIN sector_of s ON s.id = m.sector GROUP BY area, s.sector;
-- costs such that trade falls with distance to the power one (Disdier & Head 2008), theta 4; inside a place two thirds of its radius
CREATE TABLE trade_cost AS
SELECT '*' AS sector, a.id AS origin, b.id AS destination,
       pow(CASE WHEN a.id = b.id THEN 2.0 / 3 * sqrt(a.land_km2 / pi())
                ELSE 6371 * acos(min(1, sin(radians(a.lat)) * sin(radians(b.lat)) + cos(radians(a.lat)) * cos(radians(b.lat)) * cos(radians(a.lon - b.lon)))) END / 1000, 0.25) AS cost
FROM regions a CROSS JOIN regions b;
-- who is registered elsewhere in the province is at home here
CREATE TABLE migration AS
SELECT area AS region, 0 AS from_same_area, sum(from_other_areas) AS from_other_areas FROM fine_migration m JOIN area_of a ON a.id = m.region GROUP BY area;
CREATE TABLE migration_origins AS SELECT area, weight FROM fine_origins;
CREATE TABLE mainland AS SELECT region FROM migration;
-- a tenth off: trade between provinces of the mainland, trade with the rest of the world, costs of living in another province
CREATE TABLE internal AS SELECT a.region AS origin, b.region AS destination, 0.9 AS hat FROM mainland a JOIN mainland b ON a.region <> b.region;
CREATE TABLE external AS
SELECT region AS origin, 'ROW' AS destination, 0.9 AS hat FROM mainland UNION ALL SELECT 'ROW', region, 0.9 FROM mainland;
