import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { migrate } from "@berth/db";
import pg from "pg";

const migrations = fileURLToPath(new URL("../../../../prisma/migrations", import.meta.url));
const template = "berth_template";

async function onServer(serverUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Makes the database that test databases are copied from, with every migration applied. Once per server. */
export async function createTemplate(serverUrl: string): Promise<void> {
  await onServer(serverUrl, `CREATE DATABASE ${template}`);
  await migrate({ url: databaseUrl(serverUrl, template), directory: migrations });
}

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** An empty, migrated database of its own on the server of this test run, in some 50 ms. */
export async function createTestDatabase(serverUrl: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return {
    url: databaseUrl(serverUrl, name),
    drop: () => onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}
