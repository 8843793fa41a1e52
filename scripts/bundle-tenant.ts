/** Bundles the three tenant services into the files that provisioning copies to a customer's server. */
import { createHash, randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const nativeDatabase = "better-sqlite3-multiple-ciphers";

/** Output (below `opt/`) and entry point of each bundle. */
const bundles = [
  { out: "berth/tenant-agent.mjs", entry: "services/tenant-agent/src/main.ts" },
  { out: "berth/command-runner.mjs", entry: "services/tenant-agent/src/command-runner.ts" },
  { out: "berth/berth-vault.mjs", entry: "services/tenant-agent/src/vault-cli.ts" },
  { out: "berth/egress-proxy.mjs", entry: "services/egress-proxy/src/main.ts" },
  { out: "safety-wrapper/index.js", entry: "services/safety-wrapper/src/index.ts" },
] as const;

export interface TenantBundle {
  /** Folder with `opt/berth` and `opt/safety-wrapper`. */
  dir: string;
  /** Hash of the content: the same sources give the same version. */
  version: string;
}

/**
 * Builds into `<outDir>/<version>` and answers where that is; a version that is there already is not written again.
 * `target` is the server's platform as Node names it, e.g. `linux-x64`. Throws when an entry point is missing.
 */
export async function bundleTenant(input: { outDir: string; target?: string }): Promise<TenantBundle> {
  const missing = bundles.filter(({ entry }) => !existsSync(path.join(root, entry)));
  if (missing.length > 0) {
    throw new Error(
      `Cannot bundle the tenant services: ${missing.map(({ entry }) => entry).join(", ")} does not exist.`,
    );
  }
  const outDir = path.resolve(input.outDir);
  const draft = path.join(outDir, `draft-${randomUUID()}`);
  try {
    for (const { out, entry } of bundles) await bundle(path.join(root, entry), path.join(draft, "opt", out));
    copyDatabase(path.join(draft, "opt/berth/node_modules"), input.target ?? `${process.platform}-${process.arch}`);
    describeWrapper(path.join(draft, "opt/safety-wrapper"));
    const version = contentHash(draft).slice(0, 16);
    const dir = path.join(outDir, version);
    if (!existsSync(dir)) place(draft, dir);
    return { dir, version };
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function bundle(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    external: [nativeDatabase, "openclaw", "openclaw/*"],
    legalComments: "none",
    logLevel: "silent",
    // Some dependencies are CommonJS and ask for Node's own modules by require().
    banner: {
      js: 'import { createRequire as nodeRequire } from "node:module"; const require = nodeRequire(import.meta.url);',
    },
  });
}

/** The database with its one native file for `target`, as a package that the bundles find beside them. */
function copyDatabase(nodeModules: string, target: string): void {
  const require = createRequire(path.join(root, "package.json"));
  const from = path.dirname(require.resolve(`${nativeDatabase}/package.json`));
  const binary = path.join(from, "prebuilds", `${target}.node`);
  if (!existsSync(binary)) throw new Error(`${nativeDatabase} has no binary for ${target}.`);
  const to = path.join(nodeModules, nativeDatabase);
  for (const part of ["package.json", "LICENSE", "lib"]) {
    cpSync(path.join(from, part), path.join(to, part), { recursive: true });
  }
  cpSync(binary, path.join(to, "prebuilds", `${target}.node`));
}

/** OpenClaw reads the manifest and package.json without running code; both name the bundled entry. */
function describeWrapper(to: string): void {
  const from = path.join(root, "services/safety-wrapper");
  const { name, version, openclaw } = JSON.parse(readFileSync(path.join(from, "package.json"), "utf8"));
  const description = { name, version, type: "module", openclaw: { ...openclaw, extensions: ["./index.js"] } };
  writeFileSync(path.join(to, "package.json"), `${JSON.stringify(description, null, 2)}\n`);
  cpSync(path.join(from, "openclaw.plugin.json"), path.join(to, "openclaw.plugin.json"));
}

function contentHash(dir: string): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => path.relative(dir, path.join(item.parentPath, item.name)))
    .sort()) {
    hash.update(`${file}\0`).update(
      createHash("sha256")
        .update(readFileSync(path.join(dir, file)))
        .digest(),
    );
  }
  return hash.digest("hex");
}

/** Two processes may bundle at once: whoever comes second finds the same content there. */
function place(draft: string, dir: string): void {
  mkdirSync(path.dirname(dir), { recursive: true });
  try {
    renameSync(draft, dir);
  } catch (error) {
    if (!existsSync(dir)) throw error;
  }
}

const help = `node scripts/bundle-tenant.ts [--out FOLDER] [--target linux-x64]
Bundles agent, egress proxy and safety wrapper into FOLDER/<version>/opt and prints {"dir","version"}.`;

if (import.meta.main) {
  const options = { out: { type: "string" }, target: { type: "string" }, help: { type: "boolean" } } as const;
  const { values } = parseArgs({ options });
  if (values.help) console.log(help);
  else {
    const outDir = values.out ?? path.join(root, "dist/tenant");
    console.log(JSON.stringify(await bundleTenant({ outDir, ...(values.target ? { target: values.target } : {}) })));
  }
}
