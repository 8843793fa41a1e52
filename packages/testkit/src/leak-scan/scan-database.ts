import pg from "pg";

const tables = `select table_schema as schema, table_name as name from information_schema.tables
  where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`;

/** Every row of every table, as `schema.table` and bytes; `bytea` columns come as what they hold. */
export async function* databaseRows(url: string): AsyncGenerator<{ where: string; bytes: Buffer }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const { schema, name } of (await client.query<{ schema: string; name: string }>(tables)).rows) {
      const { rows } = await client.query<Record<string, unknown>>(
        `select * from ${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`,
      );
      for (const row of rows) {
        const parts = Object.values(row).map((cell) =>
          Buffer.isBuffer(cell) ? cell : Buffer.from(typeof cell === "string" ? cell : (JSON.stringify(cell) ?? "")),
        );
        yield { where: `${schema}.${name}`, bytes: Buffer.concat(parts.flatMap((part) => [part, Buffer.from("\n")])) };
      }
    }
  } finally {
    await client.end();
  }
}
