-- Twenty-four places on a circle of length 2 pi. Trade costs grow with the way along it, exp(0.2 arc); theta 8.
-- Accounts are lopsided: pushes of sellers, pulls of buyers and people without a pattern, and trade does not balance.
CREATE TABLE params AS SELECT 24 AS n, 8 AS theta, 0.1 AS alpha, -0.3 AS beta, 0.2 AS tau;
CREATE TABLE places AS
WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k, params WHERE i < n)
SELECT printf('p%02d', i) AS id, i, 1000 * exp(1.5 * (i * 0.7548776662466927 - floor(i * 0.7548776662466927))) AS people,
       exp(i * 0.6180339887498949 - floor(i * 0.6180339887498949)) AS push,
       exp(0.3 * (i * 0.5698402909980532 - floor(i * 0.5698402909980532))) AS pull
FROM k;
-- d^-theta
CREATE TABLE kernel AS
SELECT a.id AS origin, b.id AS destination,
       exp(-theta * tau * 2 * pi() / n * min(abs(a.i - b.i), n - abs(a.i - b.i))) AS near
FROM places a CROSS JOIN places b CROSS JOIN params;
CREATE TABLE flows AS
SELECT origin, destination, a.push * b.pull * near AS value
FROM kernel JOIN places a ON a.id = origin JOIN places b ON b.id = destination;
-- What must be behind such accounts: A = w push^(1/theta), P = (sum push d^-theta)^(-1/theta), u = P / income per head,
-- Abar = A L^-alpha, ubar = u L^-beta. The scenario takes them all to one.
CREATE TABLE fundamentals AS
SELECT id AS region, people,
       (SELECT sum(value) FROM flows WHERE origin = id) / people * pow(push, 1.0 / theta) / pow(people, alpha) AS productivity,
       pow((SELECT sum(push * near) FROM kernel JOIN places s ON s.id = origin WHERE destination = p.id), -1.0 / theta)
       / ((SELECT sum(value) FROM flows WHERE destination = id) / people) / pow(people, beta) AS amenity
FROM places p CROSS JOIN params;
CREATE TABLE productivity AS SELECT region, 1 / productivity AS hat FROM fundamentals;
CREATE TABLE amenity AS SELECT region, 1 / amenity AS hat FROM fundamentals;
