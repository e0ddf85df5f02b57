-- One sector; a border costs the factor 1.25 everywhere. Flows s_i s_n K_ni with K = 1 at home, else 1.25^-theta, are an
-- equilibrium of the model with T_i w_i^-theta = s_i; they are symmetric, so trade balances.
CREATE TABLE settings AS SELECT 8.28 AS theta;
CREATE TABLE trade AS
SELECT 'goods' AS sector, a.id AS origin, b.id AS destination,
       a.size * b.size * CASE WHEN a.id = b.id THEN 1 ELSE pow(1.25, -theta) END AS value
FROM places a CROSS JOIN places b CROSS JOIN settings;
CREATE TABLE sectors AS SELECT 'goods' AS id, 'Goods' AS name_en, '商品' AS name_zh, 2 AS industry, 'none' AS travel;
CREATE TABLE input_output AS SELECT '*' AS area, 'goods' AS input_sector, 'goods' AS output_sector, 0 AS coefficient;

-- Without costs all buy at the same prices: w_i is proportional to (T_i / L_i)^(1/(1 + theta)), so that
-- what_i = c (s_i / Y_i)^(1/(1 + theta)); world income is held constant, which gives c.
CREATE TABLE incomes AS SELECT origin AS place, sum(value) AS income FROM trade GROUP BY origin;
CREATE TABLE relative AS
SELECT id AS place, size, income, pow(size / income, 1 / (1 + theta)) AS wage
FROM places JOIN incomes ON place = id CROSS JOIN settings;
CREATE TABLE answer AS
SELECT place, size, income, wage * (SELECT sum(income) / sum(income * wage) FROM relative) AS wage_hat FROM relative;
-- (P after / P before)^-theta = sum_i s_i what_i^-theta / sum_i s_i K_ni
CREATE TABLE prices AS
SELECT a.place,
       pow((SELECT sum(size * pow(wage_hat, -theta)) FROM answer)
           / (SELECT sum(b.size * CASE WHEN a.place = b.place THEN 1 ELSE pow(1.25, -theta) END) FROM answer b), -1 / theta) AS price_hat
FROM answer a CROSS JOIN settings;
