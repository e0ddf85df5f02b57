-- Two sectors that use each other, with input coefficients of each place's own; flows symmetric within each sector.
CREATE TABLE trade AS
SELECT 'a' AS sector, n.origin, n.destination, a.size * b.size * near AS value
FROM nearness n JOIN places a ON a.id = n.origin JOIN places b ON b.id = n.destination
UNION ALL
SELECT 'b', n.origin, n.destination, 1.2 * a.size * b.size * near * near
FROM nearness n JOIN places a ON a.id = n.origin JOIN places b ON b.id = n.destination;
CREATE TABLE sectors (id, name_en, name_zh, industry, travel, trade_elasticity);
INSERT INTO sectors VALUES ('a', 'A', '甲', 1, 'none', 5), ('b', 'B', '乙', 2, 'none', 8);
CREATE TABLE coefficients AS
SELECT id AS place, 0.20 + 0.01 * i AS aa, 0.15 AS ab, 0.10 + 0.01 * i AS ba, 0.30 - 0.01 * i AS bb FROM places; -- ab: a used by b
CREATE TABLE input_output AS
SELECT place AS area, 'a' AS input_sector, 'a' AS output_sector, aa AS coefficient FROM coefficients
UNION ALL SELECT place, 'a', 'b', ab FROM coefficients
UNION ALL SELECT place, 'b', 'a', ba FROM coefficients
UNION ALL SELECT place, 'b', 'b', bb FROM coefficients;
CREATE TABLE totals AS
SELECT p.id AS place,
       (SELECT sum(value) FROM trade WHERE sector = 'a' AND destination = p.id) AS buys_a,
       (SELECT sum(value) FROM trade WHERE sector = 'b' AND destination = p.id) AS buys_b,
       (SELECT sum(value) FROM trade WHERE sector = 'a' AND origin = p.id) AS sells_a,
       (SELECT sum(value) FROM trade WHERE sector = 'b' AND origin = p.id) AS sells_b,
       (SELECT value FROM trade WHERE sector = 'a' AND destination = p.id AND origin = p.id) AS own_a,
       (SELECT value FROM trade WHERE sector = 'b' AND destination = p.id AND origin = p.id) AS own_b
FROM places p;
-- final use, and home shares
CREATE TABLE facts AS
SELECT place, aa, ab, ba, bb, own_a / buys_a AS home_a, own_b / buys_b AS home_b,
       (buys_a - aa * sells_a - ab * sells_b) / (buys_a + buys_b - (aa + ba) * sells_a - (ab + bb) * sells_b) AS alpha_a
FROM totals JOIN coefficients USING (place);
-- exponents of home shares: alpha' (I - A')^-1 / theta, the inverse of two by two written out
CREATE TABLE exponents AS
SELECT place, home_a, home_b,
       (alpha_a * (1 - bb) + (1 - alpha_a) * ab) / ((1 - aa) * (1 - bb) - ab * ba) / 5 AS power_a,
       (alpha_a * ba + (1 - alpha_a) * (1 - aa)) / ((1 - aa) * (1 - bb) - ab * ba) / 8 AS power_b
FROM facts;
