/** `npm run verify`: everything CI holds the sources to, two checks at a time, with the output of the ones that fail. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { findDeadPaths } from "./doc-paths.ts";
import { findBreaches } from "./policy-checks.ts";

const root = path.resolve(import.meta.dirname, "../..");
interface Outcome {
  name: string;
  ok: boolean;
  ms: number;
  output: string;
}
type Check = { name: string; run: () => Promise<{ ok: boolean; output: string }> };

const command = (name: string, argv: string[]): Check => ({
  name,
  run: () =>
    new Promise((resolve) => {
      const [file = "", ...args] = argv;
      execFile(file, args, { cwd: root, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
        resolve({ ok: !error, output: `${stdout}${stderr}` }),
      );
    }),
});

const found = (name: string, find: () => Promise<string[]>): Check => ({
  name,
  run: async () => {
    const lines = await find();
    return { ok: lines.length === 0, output: lines.join("\n") };
  },
});

/** Tracked files that are text, by repository path. */
async function trackedFiles(): Promise<{ path: string; text: string }[]> {
  const listed = await command("git", ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]).run();
  return listed.output
    .split("\0")
    .filter((name) => name && !/\.(?:png|ico|woff2?|jpg)$/.test(name))
    .flatMap((name) => {
      try {
        return [{ path: name, text: readFileSync(path.join(root, name), "utf8") }];
      } catch {
        return []; // deleted in the work tree, still in the index
      }
    });
}

const checks: Check[] = [
  command("format and lint", ["biome", "ci", "--error-on-warnings", "--reporter=summary", "."]),
  command("typed lint", ["oxlint", "--type-aware", "--deny-warnings", "-c", ".oxlintrc.json"]),
  command("types", ["turbo", "run", "typecheck", "--output-logs=errors-only", "--concurrency=2"]),
  command("dependency rules", [
    "depcruise",
    "--config",
    ".dependency-cruiser.mjs",
    "--output-type",
    "err-long",
    "packages",
    "services",
    "apps",
  ]),
  command("unused code", ["knip", "--no-progress", "--no-config-hints"]),
  found("policy checks", async () => findBreaches(await trackedFiles())),
  found("documentation paths", async () =>
    (await trackedFiles()).filter((file) => file.path.endsWith(".md")).flatMap((file) => findDeadPaths(file, root)),
  ),
  command("OpenAPI drift", ["node", "scripts/openapi.ts", "--check"]),
  command("redaction rule drift", ["node", "scripts/redaction-rules.ts", "--check"]),
  command("database schema drift", ["node", "scripts/db-new.ts", "--check"]),
];

async function timed(check: Check): Promise<Outcome> {
  const started = performance.now();
  const { ok, output } = await check.run();
  const ms = Math.round(performance.now() - started);
  process.stdout.write(`${ok ? "ok    " : "FAILED"} ${check.name} (${ms} ms)\n`);
  return { name: check.name, ok, ms, output };
}

if (process.argv.includes("--help")) {
  process.stdout.write(`npm run verify\n\nRuns: ${checks.map((check) => check.name).join(", ")}.\n`);
  process.exit(0);
}

const waiting = [...checks];
const outcomes: Outcome[] = [];
const worker = async (): Promise<void> => {
  for (let check = waiting.shift(); check; check = waiting.shift()) outcomes.push(await timed(check));
};
await Promise.all([worker(), worker()]);

const failed = outcomes.filter((outcome) => !outcome.ok);
for (const outcome of failed) process.stdout.write(`\n── ${outcome.name} ──\n${outcome.output.trim()}\n`);
process.stdout.write(`\nverify: ${outcomes.length - failed.length} of ${outcomes.length} checks hold\n`);
process.exitCode = failed.length > 0 ? 1 : 0;
