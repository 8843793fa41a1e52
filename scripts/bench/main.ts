/** `npm run bench -- <name> [--json]`: figures as ratios against a baseline of the same run, for machines are noisy. */
import { benchEgress } from "./egress/bench-egress.ts";
import { benchPolicy } from "./policy.ts";
import { benchRedaction } from "./redaction.ts";

const benches = { egress: benchEgress, policy: benchPolicy, redaction: benchRedaction };
type Name = keyof typeof benches;
const isName = (name: string | undefined): name is Name => name !== undefined && Object.hasOwn(benches, name);

const [name, ...flags] = process.argv.slice(2);
if (!isName(name)) {
  process.stdout.write(`npm run bench -- <name> [--json]\n\nNames: ${Object.keys(benches).join(", ")}\n`);
  process.exitCode = name === "--help" ? 0 : 64;
} else {
  const figures = await benches[name]();
  if (!flags.includes("--json")) {
    for (const [figure, value] of Object.entries(figures)) process.stdout.write(`${figure.padEnd(28)} ${value}\n`);
  }
  process.stdout.write(`${JSON.stringify({ name, ...figures })}\n`);
}
