import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { diffSchemas } from "./schema-diff.ts";

const help = `npm run db:new -- <name>   |   npm run db:new -- --check
Writes prisma/migrations/<time>_<name>/migration.sql with the difference between the last migration's schema and
prisma/schema.prisma. Read it before you commit it: a rename comes out as drop and add.
With --check it writes nothing and fails when a migration is missing.`;

const name = process.argv[2] ?? "--help";
const checking = name === "--check";
if (!checking && !/^[a-z][a-z0-9_]*$/.test(name)) {
  console.log(help);
  process.exit(name === "--help" ? 0 : 1);
}

const schemaFile = "prisma/schema.prisma";
const snapshotFile = "prisma/migrations/schema.snapshot.prisma";
const schema = readFileSync(schemaFile, "utf8");
const sql = await diffSchemas(existsSync(snapshotFile) ? readFileSync(snapshotFile, "utf8") : null, schema);
if (sql === null) {
  console.log("Nothing changed.");
  process.exit(0);
}
if (checking) {
  console.log(`prisma/schema.prisma has no migration for:\n${sql}`);
  process.exit(1);
}
const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
const folder = `prisma/migrations/${stamp}_${name}`;
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/migration.sql`, sql);
writeFileSync(snapshotFile, schema);
console.log(`${folder}/migration.sql`);
