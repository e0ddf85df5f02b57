-- Eight times eight places on a grid, with a border between the four columns in the west and those in the east. Trade costs are
-- exp(0.1 distance), and half as much again across the border; theta 4. Flows are symmetric, so that trade balances; their sizes,
-- people and so productivity and amenity are without a pattern.
CREATE TABLE places AS
WITH RECURSIVE k(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM k WHERE i < 63)
SELECT printf('p%d%d', i / 8 + 1, i % 8 + 1) AS id, i / 8 AS y, i % 8 AS x, i % 8 >= 4 AS east,
       exp(1.5 * ((i + 1) * 0.6180339887498949 - floor((i + 1) * 0.6180339887498949))) AS size,
       1000 * exp(1.5 * ((i + 1) * 0.7548776662466927 - floor((i + 1) * 0.7548776662466927))) AS people
FROM k;
CREATE TABLE flows AS
SELECT a.id AS origin, b.id AS destination,
       a.size * b.size * pow(exp(0.1 * sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y))) * CASE WHEN a.east = b.east THEN 1 ELSE 1.5 END, -4) AS value
FROM places a CROSS JOIN places b;
CREATE TABLE border AS
SELECT a.id AS origin, b.id AS destination, 1 / 1.5 AS hat FROM places a JOIN places b ON a.east <> b.east;
-- four places get more productive, four have more land
CREATE TABLE productivity AS SELECT id AS region, 1.2 AS hat FROM places WHERE y = 3 AND x IN (0, 3, 4, 7);
CREATE TABLE land AS SELECT id AS region, 1.5 AS hat FROM places WHERE y = 6 AND x IN (0, 3, 4, 7);
CREATE TABLE shifts AS
SELECT id, coalesce(p.hat, 1) AS productivity, coalesce(l.hat, 1) AS land,
       (SELECT value FROM flows WHERE origin = id AND destination = id) / (SELECT sum(value) FROM flows WHERE destination = id) AS home, people
FROM places LEFT JOIN productivity p ON p.region = id LEFT JOIN land l ON l.region = id;
