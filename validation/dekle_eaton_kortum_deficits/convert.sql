-- No frictions: everybody spends the share p_i on goods from i, whatever the spending X_n; deficits are X_n - p_n sum X.
CREATE TABLE shares AS SELECT id AS place, i, size / (SELECT sum(size) FROM places) AS p FROM places;
CREATE TABLE trade AS
SELECT 'goods' AS sector, a.place AS origin, b.place AS destination, 1000 * a.p * b.p * (0.7 + 0.08 * b.i) AS value
FROM shares a CROSS JOIN shares b;
CREATE TABLE sectors AS SELECT 'goods' AS id, 'Goods' AS name_en, '商品' AS name_zh, 2 AS industry, 'none' AS travel;
CREATE TABLE input_output AS SELECT '*' AS area, 'goods' AS input_sector, 'goods' AS output_sector, 0 AS coefficient;
CREATE TABLE accounts AS
SELECT place, (SELECT sum(value) FROM trade WHERE origin = place) AS sales,
       (SELECT sum(value) FROM trade WHERE destination = place) AS purchases, CASE WHEN i <= 3 THEN 1.1 ELSE 1 END AS productivity
FROM shares;
-- what_i = c Ahat_i^(theta/(1 + theta)); world income is held constant
CREATE TABLE answer AS
SELECT place, sales, purchases, productivity,
       pow(productivity, 8.28 / 9.28) * (SELECT sum(sales) / sum(sales * pow(productivity, 8.28 / 9.28)) FROM accounts) AS wage_hat
FROM accounts;
CREATE TABLE price AS
SELECT pow(sum(sales / (SELECT sum(sales) FROM answer) * pow(productivity / wage_hat, 8.28)), -1 / 8.28) AS price_hat FROM answer;
