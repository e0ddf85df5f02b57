-- Value added w W / beta, with the wages w that commuting implies; everything else as it was.
DROP TABLE production;
CREATE TABLE production AS
SELECT id AS region, 'good' AS sector, value * workers / beta AS value_added
FROM places, parameters JOIN commuting_fundamentals f ON f.region = id AND f.variable = 'workplace_wage';
UPDATE regions SET gdp = (SELECT value_added FROM production WHERE region = id);

-- For comparing, once the city is inverted: B = b Omega^-eta without a scale, and u = W B / Q^(1 - alpha) with B of geometric mean 1.
CREATE VIEW total_amenity AS
SELECT f.region, f.value * pow(o.value, -eta) AS value FROM parameters, city_fundamentals f
JOIN city_fundamentals o ON o.region = f.region AND o.variable = 'people_within_reach' WHERE f.variable = 'amenity';
CREATE VIEW utility AS
SELECT id, w.value * t.value / (SELECT exp(avg(ln(value))) FROM total_amenity) / pow(rent, 1 - alpha) AS value FROM parameters, places
JOIN total_amenity t ON t.region = id JOIN city_fundamentals w ON w.region = id AND w.variable = 'wage_access';
