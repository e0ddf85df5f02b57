-- Labels of the package are region|sector and region|category.
CREATE TABLE flows AS
SELECT substr(column_1, 1, instr(column_1, '|') - 1) AS origin_region, substr(column_1, instr(column_1, '|') + 1) AS origin_sector,
       substr(buyer, 1, instr(buyer, '|') - 1) AS destination_region, substr(buyer, instr(buyer, '|') + 1) AS destination_sector, value
FROM z;
CREATE TABLE final_demand AS
SELECT substr(column_1, 1, instr(column_1, '|') - 1) AS origin_region, substr(column_1, instr(column_1, '|') + 1) AS origin_sector,
       substr(buyer, 1, instr(buyer, '|') - 1) AS destination_region, substr(buyer, instr(buyer, '|') + 1) AS category, value
FROM y;
CREATE TABLE satellites AS
SELECT column_1 AS account, substr(emitter, 1, instr(emitter, '|') - 1) AS region, substr(emitter, instr(emitter, '|') + 1) AS sector, value
FROM f;
CREATE TABLE satellites_final AS
SELECT column_1 AS account, substr(emitter, 1, instr(emitter, '|') - 1) AS region, substr(emitter, instr(emitter, '|') + 1) AS category, value
FROM fy;
