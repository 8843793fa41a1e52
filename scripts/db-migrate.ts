import { fileURLToPath } from "node:url";
import { migrate } from "@berth/db";

const url = process.env.DATABASE_URL;
if (!url || process.argv.includes("--help")) {
  console.log(
    "DATABASE_URL=postgresql://… npm run db:migrate\nApplies the migrations of prisma/migrations that are not applied yet.",
  );
  process.exit(url ? 0 : 1);
}
const applied = await migrate({ url, directory: fileURLToPath(new URL("../prisma/migrations", import.meta.url)) });
console.log(applied.length === 0 ? "The database is up to date." : applied.map((name) => `applied ${name}`).join("\n"));
