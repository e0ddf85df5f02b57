-- Sales and purchases of the year 2000 are the whole of the accounts: one sector, no inputs, labour alone.
CREATE TABLE trade AS
SELECT 'goods' AS sector, exporter AS origin, importer AS destination, trade AS value FROM panel WHERE year = 2000 AND trade > 0;
CREATE TABLE sectors AS SELECT 'goods' AS id, 'Goods' AS name_en, '商品' AS name_zh, 2 AS industry, 'none' AS travel;
CREATE TABLE input_output AS SELECT '*' AS area, 'goods' AS input_sector, 'goods' AS output_sector, 0 AS coefficient;
