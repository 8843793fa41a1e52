/** `npm test`: every kind of test that this machine can run, then one line with the sum. */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import {
  canRunMachines,
  howToInstall,
  installMissing,
  missingPackages,
  type SystemPart,
  systemParts,
} from "../system/system-packages.ts";

const root = path.resolve(import.meta.dirname, "../..");
const results = path.join(root, ".berth/test-results");
const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Kind {
  project: string;
  what: string;
  parts: SystemPart[];
  needsMachine?: true;
}

/** In the order they run; each is a project of vitest.config.ts. */
const kinds: Kind[] = [
  { project: "unit", what: "units", parts: [] },
  { project: "integration", what: "real Postgres and Redis", parts: [systemParts.redis] },
  { project: "openclaw", what: "the pinned OpenClaw", parts: [] },
  { project: "machine", what: "real servers", parts: [systemParts.machine], needsMachine: true },
  { project: "browser", what: "the walk in Chromium", parts: [systemParts.chromium] },
];

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** Counts of one finished run; a run that died without a report is one failure. */
function tallyOf(file: string, exitCode: number): Tally {
  try {
    const report: unknown = JSON.parse(readFileSync(file, "utf8"));
    const count = (name: string): number => Number((report as Record<string, unknown>)[name] ?? 0); // vitest's JSON report
    const failed = count("numFailedTests");
    const brokenFile = failed === 0 && exitCode !== 0 ? 1 : 0;
    return {
      passed: count("numPassedTests"),
      failed: failed + brokenFile,
      skipped: count("numPendingTests") + count("numTodoTests"),
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function runProject(project: string, filters: string[]): Promise<Tally> {
  const file = path.join(results, `${project}.json`);
  rmSync(file, { force: true });
  const argv = ["run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  return new Promise((resolve) => {
    const child = spawn("vitest", [...argv, "--passWithNoTests", ...filters], { cwd: root, stdio: "inherit" });
    child.on("error", () => resolve({ passed: 0, failed: 1, skipped: 0 }));
    child.on("close", (code) => resolve(tallyOf(file, code ?? 1)));
  });
}

/** Why this kind cannot run here, with the way to get it; null if it can. */
function obstacleOf(kind: Kind): string | null {
  if (kind.needsMachine && !canRunMachines()) return "it needs Linux and root (run it in a Linux VM as root)";
  const missing = kind.parts.flatMap(missingPackages);
  return missing.length > 0 ? `these packages are missing: ${howToInstall(missing)}` : null;
}

const help = `npm test [-- <kind>...] [-- <kind> -t <file filter>]

Kinds: ${kinds.map((kind) => kind.project).join(", ")}. Without one, all run.
BERTH_TEST_REQUIRE=all   what cannot run here counts as a failure
BERTH_TEST_BACKEND=containers   integration tests use testcontainers (needs a Docker engine)
`;

async function main(argv: string[]): Promise<void> {
  if (argv.includes("--help")) return say(help);
  const filterAt = argv.indexOf("-t");
  const filters = filterAt < 0 ? [] : argv.slice(filterAt + 1);
  const asked = filterAt < 0 ? argv : argv.slice(0, filterAt);
  const unknown = asked.filter((name) => !kinds.some((kind) => kind.project === name));
  if (unknown.length > 0)
    throw new Error(`There is no kind of test called ${unknown.join(", ")}. See npm test -- --help.`);
  const chosen = kinds.filter((kind) => asked.length === 0 || asked.includes(kind.project));
  mkdirSync(results, { recursive: true });
  installMissing(
    chosen.filter((kind) => !kind.needsMachine || canRunMachines()).flatMap((kind) => kind.parts),
    say,
  );
  const total: Tally = { passed: 0, failed: 0, skipped: 0 };
  const leftOut: string[] = [];
  for (const kind of chosen) {
    const obstacle = obstacleOf(kind);
    if (obstacle) {
      leftOut.push(`${kind.project} (${kind.what}): ${obstacle}`);
      continue;
    }
    say(`\n── ${kind.project}: ${kind.what} ──`);
    const tally = await runProject(kind.project, filters);
    for (const key of ["passed", "failed", "skipped"] as const) total[key] += tally[key];
  }
  for (const line of leftOut) say(`Left out: ${line}`);
  const required = process.env.BERTH_TEST_REQUIRE === "all";
  if (required) total.failed += leftOut.length;
  say(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

await main(process.argv.slice(2));
