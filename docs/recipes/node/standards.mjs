// Node: the highest dibao standards of 2021.
import { DuckDBInstance } from "@duckdb/node-api";

const instance = await DuckDBInstance.create(process.env.MINZHENG_WAREHOUSE, { access_mode: "READ_ONLY" });
const connection = await instance.connect();
const reader = await connection.runAndReadAll(`
  SELECT city_full, value FROM annual_values
  WHERE indicator_code = 'dibao_standard' AND year = 2021 AND value IS NOT NULL ORDER BY value DESC, city_full`);
console.log(JSON.stringify(reader.getRowsJson()));
