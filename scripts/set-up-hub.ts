/** What a fresh Hub needs before its processes start: keys, tables, the staff login (printed), Stripe's catalogue. */
import path from "node:path";
import { parseArgs } from "node:util";
import { migrate } from "@berth/db";
import { fail } from "@berth/platform";
import { loadDevSecrets } from "./stack/dev-secrets.ts";
import { runToEnd } from "./stack/run-to-end.ts";
import { root, staffEmail } from "./stack/stack-options.ts";

const { values } = parseArgs({ options: { "data-dir": { type: "string" }, help: { type: "boolean" } } });
const url = process.env.DATABASE_URL;
if (values.help || !values["data-dir"]) {
  process.stdout.write("node scripts/set-up-hub.ts --data-dir FOLDER   (DATABASE_URL and the Hub's environment set)\n");
  process.exit(values.help ? 0 : 64);
}
if (!url) fail("invalid_input", "Set DATABASE_URL to the database that shall be set up.");
const { staffPassword } = loadDevSecrets(values["data-dir"]);
const applied = await migrate({ url, directory: path.join(root, "prisma/migrations") });
const environment = Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
await runToEnd("seeding", [process.execPath, path.join(root, "prisma/seed.ts")], {
  ...Object.fromEntries(environment),
  SEED_STAFF_EMAIL: staffEmail,
  SEED_STAFF_PASSWORD: staffPassword,
});
process.stdout.write(`${applied.length} migrations applied. Staff login: ${staffEmail}  ${staffPassword}\n`);
