-- Eight degrees: 216 cells; 1 makes 15,380.
CREATE TABLE grid AS SELECT 8 AS degrees;
