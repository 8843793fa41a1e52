import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runToEnd } from "./run-to-end.ts";
import { sourceDigest } from "./source-digest.ts";
import { root, type StackOptions } from "./stack-options.ts";

/** Builds `apps/<name>` for production unless its sources and those it bundles are the ones of the last build. */
export async function buildNextApp(
  name: "hub" | "website",
  { say, signal }: Pick<StackOptions, "say" | "signal">,
): Promise<void> {
  const app = path.join(root, "apps", name);
  const marker = path.join(app, ".next/berth-build");
  const digest = sourceDigest(root, [`apps/${name}`, "packages"]);
  if (existsSync(marker) && readFileSync(marker, "utf8") === digest) return;
  const started = performance.now();
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: process.env.HOME ?? "",
    NEXT_TELEMETRY_DISABLED: "1",
    NODE_ENV: "production",
  };
  const next = path.join(root, "node_modules/next/dist/bin/next");
  await runToEnd(`Building apps/${name}`, [process.execPath, next, "build", app], env, signal);
  writeFileSync(marker, digest);
  say(`Built apps/${name} (${((performance.now() - started) / 1000).toFixed(0)} s)`);
}
