-- Eight invented places on the unit square, spread evenly without a pattern (the R2 sequence), and how near they are.
CREATE TABLE places AS
WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 8)
SELECT printf('p%d', i) AS id, i,
       0.5 + i * 0.7548776662466927 - floor(0.5 + i * 0.7548776662466927) AS x,
       0.5 + i * 0.5698402909980532 - floor(0.5 + i * 0.5698402909980532) AS y,
       exp(2 * (i * 0.6180339887498949 - floor(i * 0.6180339887498949))) AS size
FROM k;
-- symmetric
CREATE TABLE nearness AS
SELECT a.id AS origin, b.id AS destination,
       CASE WHEN a.id = b.id THEN 1 ELSE 0.1 / (0.2 + sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y))) END AS near
FROM places a CROSS JOIN places b;
