-- Three sectors without inputs. Sector a is sold by one kind of place and bought by another, b the other way round, so that
-- places specialise and the balance of all three together is zero.
CREATE TABLE trade AS
SELECT 'a' AS sector, n.origin, n.destination, a.size * b.size * near * (1 + 0.25 * (a.i % 4)) AS value
FROM nearness n JOIN places a ON a.id = n.origin JOIN places b ON b.id = n.destination
UNION ALL
SELECT 'b', n.origin, n.destination, a.size * b.size * near * (1 + 0.25 * (b.i % 4))
FROM nearness n JOIN places a ON a.id = n.origin JOIN places b ON b.id = n.destination
UNION ALL
SELECT 'c', n.origin, n.destination, a.size * b.size * near * near
FROM nearness n JOIN places a ON a.id = n.origin JOIN places b ON b.id = n.destination;
CREATE TABLE sectors (id, name_en, name_zh, industry, travel, trade_elasticity);
INSERT INTO sectors VALUES ('a', 'A', '甲', 1, 'none', 4), ('b', 'B', '乙', 2, 'none', 6.5), ('c', 'C', '丙', 3, 'none', 9);
CREATE TABLE input_output AS SELECT '*' AS area, a.id AS input_sector, b.id AS output_sector, 0 AS coefficient
FROM sectors a CROSS JOIN sectors b;
-- by place and sector: the share of spending that stays at home, of spending that goes to the sector, of workers in it
CREATE TABLE facts AS
SELECT p.id AS place, s.id AS sector, s.trade_elasticity AS theta,
       (SELECT sum(value) FILTER (WHERE origin = p.id) / sum(value) FROM trade WHERE destination = p.id AND sector = s.id) AS home,
       (SELECT sum(value) FILTER (WHERE sector = s.id) / sum(value) FROM trade WHERE destination = p.id) AS spending,
       (SELECT sum(value) FILTER (WHERE sector = s.id) / sum(value) FROM trade WHERE origin = p.id) AS work
FROM places p CROSS JOIN sectors s;
