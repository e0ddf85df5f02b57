-- One sector; flows that are symmetric, so that trade balances.
CREATE TABLE trade AS
SELECT 'goods' AS sector, n.origin, n.destination, a.size * b.size * near AS value
FROM nearness n JOIN places a ON a.id = n.origin JOIN places b ON b.id = n.destination;
CREATE TABLE sectors AS SELECT 'goods' AS id, 'Goods' AS name_en, '商品' AS name_zh, 2 AS industry, 'none' AS travel;
CREATE TABLE input_output AS SELECT '*' AS area, 'goods' AS input_sector, 'goods' AS output_sector, 0 AS coefficient;
-- the share of a place's spending that stays at home
CREATE TABLE home AS
SELECT destination AS place, sum(value) FILTER (WHERE origin = destination) / sum(value) AS share FROM trade GROUP BY destination;
