-- States of the US share a table of inputs; value-added shares differ by state, so each region is an area of its own.
CREATE VIEW trade AS
SELECT sector_id AS sector, source_id AS origin, destination_id AS destination, value FROM flows;

-- Value added: the peer's shares, of what is sold. All of it earns B for structures; people and structures stay in their market,
-- which is a sector of a state, or a country.
CREATE TABLE output AS SELECT source_id AS region, sector_id AS sector, sum(value) AS value FROM flows GROUP BY source_id, sector_id;
CREATE TABLE production AS
SELECT g.region, g.sector_id AS sector, share * coalesce(value, 0) AS value_added, structures_share_B AS land_share
FROM value_added g JOIN places ON region_id = g.region LEFT JOIN output o ON o.region = g.region AND o.sector = g.sector_id;

CREATE VIEW input_output AS
SELECT region_id AS area, i.input_sector_id AS input_sector, i.user AS output_sector,
       CASE WHEN total > 0 THEN (1 - g.share) * i.share / total ELSE 0 END AS coefficient -- totals are 1 within 5e-7
FROM places JOIN input_share i USING (io_block)
JOIN (SELECT io_block, user, sum(share) AS total FROM input_share GROUP BY io_block, user) USING (io_block, user)
JOIN value_added g ON g.region = region_id AND g.sector_id = i.user;

CREATE TABLE final_demand AS
SELECT '*' AS area, sector_id AS sector, alpha_final_demand_share / (SELECT sum(alpha_final_demand_share) FROM industries) AS share FROM industries;

CREATE TABLE sectors AS
SELECT sector_id AS id, sector AS name_en, sector AS name_zh, 2 AS industry, 1 / inv_theta AS trade_elasticity FROM industries;

-- A group for each sector of a state; abroad all are of the first.
CREATE TABLE groups AS SELECT sector_id AS id, 'Workers of ' || sector AS name_en, sector || ' workers' AS name_zh FROM industries;
CREATE TABLE people AS
SELECT region_id AS region, g.id AS "group", us_state = 1 OR g.id = '1' AS people FROM places CROSS JOIN groups g;
CREATE VIEW wage_bill AS -- '*': the states
SELECT area, s.id AS sector, g.id AS "group", g.id = CASE area WHEN '*' THEN s.id ELSE '1' END AS share
FROM (SELECT '*' AS area UNION ALL SELECT region_id FROM places WHERE us_state = 0) CROSS JOIN sectors s CROSS JOIN groups g;

CREATE TABLE regions AS
SELECT region_id AS id, p.region AS name_en, p.region AS name_zh, NULL AS lon, NULL AS lat,
       (SELECT sum(people) FROM people WHERE people.region = region_id) AS people,
       (SELECT sum(value_added) FROM production WHERE production.region = region_id) AS gdp, 1 AS land_km2, region_id AS area,
       CASE us_state WHEN 1 THEN 'specific' ELSE 'shared' END AS structures, iota_derived AS portfolio_share
FROM places p;
