-- Cells of the Earth's land, from land(lat, lon_from, lon_to) and grid(degrees): those of which half is land, with their km2.
CREATE TABLE places AS
WITH RECURSIVE degree(lat, lon, lon_to) AS (
  SELECT lat, lon_from, lon_to FROM land UNION ALL SELECT lat, lon + 1, lon_to FROM degree WHERE lon < lon_to),
cell AS (
  SELECT floor(lat / degrees) AS y, floor(lon / degrees) AS x, degrees, count(*) AS parts,
         sum(radians(1) * 6371 * 6371 * (sin(radians(lat + 0.5)) - sin(radians(lat - 0.5)))) AS land_km2
  FROM degree CROSS JOIN grid GROUP BY y, x)
SELECT printf('c%04d', row_number() OVER (ORDER BY y, x) - 1) AS id, degrees * (x + 0.5) AS lon, degrees * (y + 0.5) AS lat, land_km2
FROM cell WHERE 2 * parts >= degrees * degrees ORDER BY y, x;
-- Great circles between them, km.
CREATE VIEW distances AS
SELECT a.id AS origin, b.id AS destination,
       6371 * 2 * asin(sqrt(pow(sin(radians(b.lat - a.lat) / 2), 2) + cos(radians(a.lat)) * cos(radians(b.lat)) * pow(sin(radians(b.lon - a.lon) / 2), 2))) AS km
FROM places a CROSS JOIN places b;
