-- The city after the scenario, as a statistician would find it: residents, workers, value added, rents and faster streets.
UPDATE links SET minutes = 0.6 * minutes WHERE id IN ('p1p2', 'p3p7', 'p5p6');
UPDATE workers SET workers = (SELECT counterfactual FROM shocked_region r WHERE r.region = workers.region AND variable = 'workers');
UPDATE production SET value_added = (SELECT counterfactual FROM shocked_region r WHERE r.region = production.region AND variable = 'gdp_nominal');
UPDATE regions SET people = (SELECT counterfactual FROM shocked_region WHERE region = id AND variable = 'population'),
                   gdp = (SELECT counterfactual FROM shocked_region WHERE region = id AND variable = 'gdp_nominal'),
                   rent = rent * (SELECT hat FROM shocked_region WHERE region = id AND variable = 'land_rent');

-- For comparing: fundamentals after over before; scales are free, so over their geometric mean.
CREATE VIEW found AS
SELECT a.region, a.variable, CASE a.variable WHEN 'productivity' THEN pow(a.value / b.value, 0.01) ELSE a.value / b.value END AS hat
FROM after_fundamentals a JOIN before_fundamentals b ON b.region = a.region AND b.variable = a.variable;
CREATE VIEW scale AS SELECT variable, exp(avg(ln(hat))) AS value FROM found WHERE hat > 0 GROUP BY variable;
