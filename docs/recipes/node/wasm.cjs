// duckdb-wasm, here in Node: the highest dibao standards of 2021. The file is attached under a name of its own.
const duckdb = require("@duckdb/duckdb-wasm/blocking");
const fs = require("node:fs");
const path = require("node:path");

const dist = path.dirname(require.resolve("@duckdb/duckdb-wasm"));
const bundle = name => ({ mainModule: path.join(dist, `duckdb-${name}.wasm`) });
(async () => {
  const db = await duckdb.createDuckDB({ mvp: bundle("mvp"), eh: bundle("eh") }, new duckdb.VoidLogger(), duckdb.NODE_RUNTIME);
  await db.instantiate();
  db.registerFileBuffer("warehouse.duckdb", new Uint8Array(fs.readFileSync(process.env.MINZHENG_WAREHOUSE)));
  const connection = db.connect();
  connection.query("ATTACH 'warehouse.duckdb' AS minzheng (READ_ONLY)");
  const rows = connection.query(`
    SELECT city_full, value FROM minzheng.annual_values
    WHERE indicator_code = 'dibao_standard' AND year = 2021 AND value IS NOT NULL ORDER BY value DESC, city_full`);
  console.log(JSON.stringify(rows.toArray().map(row => Object.values(row.toJSON()))));
  const age = connection.query("SELECT age_days FROM minzheng.latest_release").toArray()[0].age_days;
  if (age === null) throw new Error("the release has no age");
  process.exit(0);
})();
