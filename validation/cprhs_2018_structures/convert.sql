-- Eight places without trade costs; value added v L, people L and the part iota of local rents that goes into the portfolio are
-- without a pattern. beta 0.3 of value added is rents of structures, gamma 0.6 of output is value added, theta 5.
--   I_n = (1 - beta iota_n) VA_n + (L_n / L) beta sum iota VA          nobody owes anything else: D = 0
--   X_n = I_n + (1 - gamma) Y_n, bought everywhere in the proportions Y_i / sum Y
CREATE TABLE params AS SELECT 5.0 AS theta, 0.3 AS beta, 0.6 AS gamma;
CREATE TABLE places AS
WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 8)
SELECT printf('p%d', i) AS id, 1000 * exp(1.5 * (i * 0.7548776662466927 - floor(i * 0.7548776662466927))) AS people,
       exp(0.3 * (i * 0.5698402909980532 - floor(i * 0.5698402909980532))) AS per_head,
       i * 0.6180339887498949 - floor(i * 0.6180339887498949) AS iota, CASE WHEN i <= 2 THEN 1.1 ELSE 1 END AS productivity
FROM k;
CREATE TABLE accounts AS
SELECT id, people, per_head, iota, productivity, people * per_head AS value_added,
       (1 - beta * iota) * per_head + (SELECT beta * sum(iota * people * per_head) / sum(people) FROM places) AS income_per_head
FROM places CROSS JOIN params;
CREATE TABLE trade AS
SELECT 'goods' AS sector, s.id AS origin, b.id AS destination,
       s.value_added / (SELECT sum(value_added) FROM accounts) * (b.income_per_head * b.people + (1 - gamma) / gamma * b.value_added) AS value
FROM accounts s CROSS JOIN accounts b CROSS JOIN params;
CREATE TABLE production AS SELECT id AS region, 'goods' AS sector, value_added FROM accounts;
CREATE TABLE regions AS
SELECT id, id AS name_en, id AS name_zh, NULL AS lon, NULL AS lat, people, value_added AS gdp, 1 AS land_km2, id AS area, iota AS national_rent_share
FROM accounts;
CREATE TABLE sectors AS SELECT 'goods' AS id, 'Goods' AS name_en, '商品' AS name_zh, 2 AS industry;
CREATE TABLE input_output AS SELECT '*' AS area, 'goods' AS input_sector, 'goods' AS output_sector, 1 - gamma AS coefficient FROM params;
CREATE TABLE better AS SELECT id AS region, productivity AS hat FROM places WHERE productivity <> 1;
-- After the shock incomes per head rise alike, by V in money (prices are one). With pi the portfolio's payment a head and rho = pi' / V
--   value added a head   v'_n = V eta_n,  eta_n = (i_n - rho) / (1 - beta iota_n)
--   sales                Y'_n = Y_n (Ahat^theta (v'_n / v_n)^(-theta gamma (1-beta)))^(1 / (1 + theta gamma beta)) x a common factor
--   people               L'_n = VA'_n / v'_n;   portfolio   beta sum iota VA' = pi' L:   beta sum iota_n Y'_n = rho sum Y'_n / eta_n
-- one equation in rho, whose left side less right side falls; by halving between 0 and the lowest income a head.
CREATE TABLE rho AS
WITH RECURSIVE b(step, width, x) AS (
  SELECT 1, (SELECT min(income_per_head) / 4 FROM accounts), (SELECT min(income_per_head) / 2 FROM accounts)
  UNION ALL
  SELECT step + 1, width / 2, x + width * sign(
    (SELECT sum((beta * iota - x * (1 - beta * iota) / (income_per_head - x)) * value_added
                * pow(pow(productivity, theta) * pow((income_per_head - x) / (1 - beta * iota) / per_head, -theta * gamma * (1 - beta)), 1 / (1 + theta * gamma * beta)))
     FROM accounts CROSS JOIN params))
  FROM b WHERE step < 60)
SELECT x AS rho FROM b WHERE step = 60;
CREATE TABLE pulls AS
SELECT id, people, per_head, productivity, value_added, (income_per_head - rho) / (1 - beta * iota) AS eta,
       value_added * pow(pow(productivity, theta) * pow((income_per_head - rho) / (1 - beta * iota) / per_head, -theta * gamma * (1 - beta)), 1 / (1 + theta * gamma * beta)) AS pull
FROM accounts CROSS JOIN rho CROSS JOIN params;
CREATE TABLE common AS
SELECT sum(value_added) / sum(pull) AS scale, sum(pull / eta) * sum(value_added) / sum(pull) / sum(people) AS v FROM pulls;
CREATE TABLE answer AS
SELECT id, pull * scale / (v * eta) / people AS people_hat, pull * scale AS value_added, v * eta / per_head AS wage_hat,
       pull * scale / value_added AS rent_hat, v FROM pulls CROSS JOIN common;
-- P^(-theta gamma) = sum of shares (Ahat / (what^(1-beta) rhat^beta)^gamma)^theta; inputs cost P
CREATE TABLE price AS
SELECT pow(sum(p.value_added * pow(productivity / pow(pow(wage_hat, 1 - beta) * pow(rent_hat, beta), gamma), theta)) / sum(p.value_added), -1 / (theta * gamma)) AS p
FROM answer JOIN pulls p USING (id) CROSS JOIN params;
