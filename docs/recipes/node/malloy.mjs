// Malloy: the highest dibao standards of 2021.
import { SingleConnectionRuntime } from "@malloydata/malloy";
import { DuckDBConnection } from "@malloydata/db-duckdb";

const connection = new DuckDBConnection({ name: "duckdb", databasePath: process.env.MINZHENG_WAREHOUSE, readOnly: true });
const runtime = new SingleConnectionRuntime({ connection });
const { data } = await runtime.loadQuery(`
  run: duckdb.table('annual_values') -> {
    where: indicator_code = 'dibao_standard' and \`year\` = 2021 and value is not null
    group_by: value, city_full
    order_by: value desc, city_full
  }`).run();
console.log(JSON.stringify(data.toObject().map(row => [row.city_full, row.value])));
process.exit(0);
