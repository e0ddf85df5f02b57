CREATE TABLE places AS
SELECT region_id, replace(lower(region), ' ', '_') AS id, region AS name, structures_share_B AS structures, portfolio_share_iota AS iota FROM region_list;

CREATE VIEW trade AS
SELECT sector_id AS sector, o.id AS origin, d.id AS destination, value
FROM flows JOIN places o ON o.region_id = source_id JOIN places d ON d.region_id = destination_id;

-- Value added: the stated share of what is sold, of which structures earn the stated share of the region.
CREATE TABLE production AS
SELECT id AS region, g.sector_id AS sector, share * coalesce(sold, 0) AS value_added, structures AS land_share
FROM value_added g JOIN places p ON p.region_id = g.region
LEFT JOIN (SELECT source_id, sector_id, sum(value) AS sold FROM flows GROUP BY source_id, sector_id) f ON f.source_id = g.region AND f.sector_id = g.sector_id;

-- One table of inputs; value-added shares differ by region, so each region is an area of its own.
CREATE TABLE input_output AS
SELECT id AS area, input_sector_id AS input_sector, i.user AS output_sector, (1 - g.share) * i.share / total AS coefficient
FROM input_share i JOIN (SELECT user, sum(share) AS total FROM input_share GROUP BY user) USING (user)
JOIN value_added g ON g.sector_id = i.user JOIN places p ON p.region_id = g.region;

CREATE TABLE final_demand AS
SELECT id AS area, sector_id AS sector, share FROM final_share JOIN places ON region_id = final_share.region;

CREATE TABLE sectors AS
SELECT sector_id AS id, sector AS name_en, sector AS name_zh, 2 AS industry, 1 / inv_theta AS trade_elasticity FROM sector_list;

CREATE TABLE regions AS
SELECT id, name AS name_en, name AS name_zh, NULL AS lon, NULL AS lat, (SELECT sum(workers) FROM employment e WHERE e.region = region_id) AS people,
       (SELECT sum(value_added) FROM production p WHERE p.region = id) AS gdp, 1 AS land_km2, id AS area, iota AS national_rent_share
FROM places;

-- Ten percent more productive value added, as the paper states shocks: unit cost falls by the power of its share.
CREATE TABLE productivity AS
SELECT id AS region, sector_id AS sector, pow(1.1, share) AS hat FROM value_added g JOIN places p ON p.region_id = g.region;
