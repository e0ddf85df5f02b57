-- A line from -1 to 1 cut into 81 places, each standing at its middle; sigma 4, alpha = 1/6 = -beta, trade costs exp(0.5 distance).
-- Before: no trade costs, places alike, so that the hats of the answer are levels. With beta = -alpha the equation of the line is
-- linear in x = L^power, power = (sigma - 1) / (2 sigma - 1) (1 - alpha (sigma - 1) - beta sigma) = 1/2:
--   x(s) = W^(1 - sigma) integral of exp(-k |s - r|) x(r) dr,  k = 0.5 (sigma - 1)
--   x'' = (k^2 - 2 k W^(1 - sigma)) x,  x' = k x at -1, x' = -k x at 1
--   x = cos(omega s),  omega tan(omega) = k,  W^(1 - sigma) = (k^2 + omega^2) / (2 k),  L = cos(omega s)^2
-- Cut into places h wide the sum in place of the integral has its closed form too (second differences of exp(-k h |i - j|)):
--   x_i = cos(omega_h s_i),  cos(omega_h (1 + h/2)) = exp(-k h) cos(omega_h (1 - h/2)),
--   W^(1 - sigma) h sinh(k h) = cosh(k h) - cos(omega_h h)
-- Places that trade without costs in threes (nines), as from the middle one, are the line cut into 27 (9) places.
CREATE TABLE params AS SELECT 3.0 AS theta, 0.5 AS power, 1.5 AS k;
CREATE TABLE cuts AS SELECT 'h81' AS cut, 81 AS n, 1 AS together UNION ALL SELECT 'h27', 27, 3 UNION ALL SELECT 'h9', 9, 9;
CREATE TABLE places AS
WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 81)
SELECT printf('p%02d', i) AS id, i, 1000 AS people, -1 + (i - 0.5) * 2 / 81 AS s FROM k;
CREATE TABLE flows AS SELECT a.id AS origin, b.id AS destination, 1 AS value FROM places a CROSS JOIN places b;
-- where a place stands when it is cut so
CREATE TABLE stands AS
SELECT cut, id, -1 + ((i - 1) / together + 0.5) * 2.0 / n AS s FROM cuts CROSS JOIN places;
CREATE TABLE costs AS
SELECT a.cut, a.id AS origin, b.id AS destination, exp(k / theta * abs(a.s - b.s)) AS hat
FROM stands a JOIN stands b ON a.cut = b.cut CROSS JOIN params;
CREATE TABLE costs81 AS SELECT origin, destination, hat FROM costs WHERE cut = 'h81';
CREATE TABLE costs27 AS SELECT origin, destination, hat FROM costs WHERE cut = 'h27';
CREATE TABLE costs9 AS SELECT origin, destination, hat FROM costs WHERE cut = 'h9';
-- omega by halving; both equations fall from positive to negative between 0 and pi/2
CREATE TABLE widths AS SELECT cut, 2.0 / n AS h FROM cuts UNION ALL SELECT 'line', 0;
CREATE TABLE omega AS
WITH RECURSIVE b(cut, h, step, x) AS (
  SELECT cut, h, 1, pi() / 4 FROM widths
  UNION ALL
  SELECT cut, h, step + 1,
         x + pi() / 4 * pow(0.5, step) * sign(CASE WHEN h > 0 THEN cos(x * (1 + h / 2)) - exp(-k * h) * cos(x * (1 - h / 2))
                                                   ELSE k * cos(x) - x * sin(x) END)
  FROM b CROSS JOIN params WHERE step < 60)
SELECT cut, h, x AS omega FROM b WHERE step = 60;
-- W: before, without costs, W^(1 - sigma) was one half; people: 81 000 in all
CREATE TABLE discrete AS
SELECT s.cut, id, 81000 * pow(cos(omega * s), 2) / (SELECT sum(pow(cos(o.omega * t.s), 2)) FROM stands t WHERE t.cut = s.cut) AS people,
       pow(2 * (cosh(k * h) - cos(omega * h)) / (h * sinh(k * h)), -1 / theta) AS welfare
FROM stands s JOIN omega o ON o.cut = s.cut CROSS JOIN params;
-- the middles that all three cuts share
CREATE TABLE shared AS SELECT id, s FROM places WHERE i % 9 = 5;
CREATE TABLE smooth AS
SELECT id, 81000 / 81.0 * 2 * pow(cos(omega * s), 2) / (1 + sin(2 * omega) / (2 * omega)) AS people,
       pow((k * k + omega * omega) / k, -1 / theta) AS welfare
FROM shared CROSS JOIN omega CROSS JOIN params WHERE cut = 'line';
