-- duckdb 2.0.1 < make.sql: a Parquet file that another program than Arrow wrote
COPY (
  SELECT printf('%03d', i) AS patient, CASE i % 3 WHEN 0 THEN 'Zwolle' WHEN 1 THEN 'Enschede' END AS center,
         DATE '2021-01-04' + 30 * (i - 1)::INTEGER AS surgery_date, CASE i WHEN 8 THEN NULL ELSE 6 + i % 4 END AS vas_pre,
         CAST(i % 5 + 0.5 AS DECIMAL(4, 1)) AS vas_12m, i % 2 = 1 AS smoker, [i, i + 1] AS visits
  FROM range(1, 13) t(i)
) TO 'cohort.parquet' (FORMAT parquet);
