-- Trade that balances, where all work in both sectors, structures earn nothing, and people move at no cost: who is where does not depend on where they were.
DROP VIEW trade;
CREATE TABLE trade AS SELECT a.sector, a.origin, a.destination, (a.value + b.value) / 2 AS value FROM flows a JOIN flows b ON b.sector = a.sector AND b.origin = a.destination AND b.destination = a.origin;
DROP TABLE production;
CREATE TABLE production AS
SELECT origin AS region, sector, g * sum(value) AS value_added, 0 AS land_share FROM trade JOIN params USING (sector) GROUP BY origin, sector;
DROP TABLE groups;
CREATE TABLE groups AS SELECT 'all' AS id, 'All' AS name_en, '全体' AS name_zh;
DROP TABLE wage_bill;
CREATE TABLE wage_bill AS SELECT '*' AS area, sector, 'all' AS "group", 1 AS share FROM params;
DROP VIEW people;
CREATE VIEW people AS SELECT region, 'all' AS "group", sum(people) AS people FROM markets GROUP BY region;
UPDATE regions SET people = (SELECT people FROM people p WHERE p.region = id), gdp = (SELECT sum(value_added) FROM production p WHERE p.region = id);
DROP VIEW gross_flows;
CREATE VIEW gross_flows AS
SELECT a.region, a."group", b.region AS to_region, b."group" AS to_group, a.people * b.people / (SELECT sum(people) FROM people) AS people
FROM people a JOIN people b ON a.region <> b.region;
