CREATE TABLE pairs AS
WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 4)
SELECT 'p' || a.i AS exporter, 'p' || b.i AS importer, a.i + 2 * b.i % 5 AS x, exp(1 + 0.5 * (a.i + 2 * b.i % 5)) AS flow, 10 AS output, 10 AS expenditure
FROM k a CROSS JOIN k b;
CREATE TABLE flows AS SELECT 'a' AS origin_region, 's' AS origin_sector, 'a' AS destination_region, 's' AS destination_sector, 20 AS value;
CREATE TABLE final_demand AS SELECT 'a' AS origin_region, 's' AS origin_sector, 'a' AS destination_region, 'all' AS category, 80 AS value;
CREATE TABLE satellites AS SELECT 'air' AS account, 'a' AS region, 's' AS sector, 7 AS value;
CREATE TABLE links AS SELECT 'west' AS "from", 'east' AS "to", 1 AS capacity, 1 AS free_flow_time, 1 AS b, 1 AS power
UNION ALL SELECT 'west', 'south', 1, 1, 0, 0 UNION ALL SELECT 'south', 'east', 1, 1, 0, 0;
CREATE TABLE trips AS SELECT 'west' AS origin, 'east' AS destination, 3 AS trips;
