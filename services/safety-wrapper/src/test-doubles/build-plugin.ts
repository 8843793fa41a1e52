import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const service = fileURLToPath(new URL("../../", import.meta.url));

/** Bundles the wrapper into a temporary folder the way it ships: one file, the manifest and a package.json. */
export async function buildPlugin(): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), "berth-plugin-"));
  await build({
    entryPoints: [join(service, "src/index.ts")],
    outfile: join(dir, "index.js"),
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    logLevel: "silent",
  });
  copyFileSync(join(service, "openclaw.plugin.json"), join(dir, "openclaw.plugin.json"));
  const { name, version, openclaw } = JSON.parse(readFileSync(join(service, "package.json"), "utf8"));
  writeFileSync(
    join(dir, "package.json"),
    JSON.stringify({ name, version, type: "module", openclaw: { ...openclaw, extensions: ["./index.js"] } }),
  );
  return dir;
}
