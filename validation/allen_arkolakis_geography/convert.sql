-- Forty places on the unit square; before, all alike and no trade costs, so that hats are levels. Then productivity and amenity
-- of each place, and symmetric trade costs exp(0.3 distance), all without a pattern; sigma 9, alpha 0.1, beta -0.3.
CREATE TABLE params AS
SELECT sigma, alpha, beta, (sigma - 1) / (2 * sigma - 1) AS s, 1 - alpha * (sigma - 1) - beta * sigma AS gamma1,
       1 + alpha * sigma + beta * (sigma - 1) AS gamma2
FROM (SELECT 9.0 AS sigma, 0.1 AS alpha, -0.3 AS beta);
CREATE TABLE places AS
WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 40)
SELECT printf('p%02d', i) AS id, 1000 AS people,
       0.5 + i * 0.7548776662466927 - floor(0.5 + i * 0.7548776662466927) AS x,
       0.5 + i * 0.5698402909980532 - floor(0.5 + i * 0.5698402909980532) AS y,
       exp(0.4 * (i * 0.6180339887498949 - floor(i * 0.6180339887498949))) AS productivity,
       exp(0.4 * (i * 0.4142135623730951 - floor(i * 0.4142135623730951))) AS amenity
FROM k;
CREATE TABLE flows AS SELECT a.id AS origin, b.id AS destination, 1 AS value FROM places a CROSS JOIN places b;
CREATE TABLE costs AS
SELECT a.id AS origin, b.id AS destination, exp(0.3 * sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y))) AS hat
FROM places a CROSS JOIN places b;
CREATE TABLE productivity AS SELECT id AS region, productivity AS hat FROM places;
CREATE TABLE amenity AS SELECT id AS region, amenity AS hat FROM places;
