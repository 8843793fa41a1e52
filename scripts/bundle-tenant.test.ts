import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleTenant, type TenantBundle } from "./bundle-tenant.ts";

let outDir: string;
let bundle: TenantBundle;
const read = (file: string) => readFileSync(path.join(bundle.dir, "opt", file), "utf8");

beforeAll(async () => {
  outDir = mkdtempSync(path.join(tmpdir(), "berth-bundle-"));
  bundle = await bundleTenant({ outDir, target: "linux-x64" });
}, 60_000);
afterAll(() => rmSync(outDir, { recursive: true, force: true }));

test("the same sources give the same version, in a folder of that name, and leave no draft", async () => {
  expect(await bundleTenant({ outDir, target: "linux-x64" })).toEqual(bundle);
  expect(path.basename(bundle.dir)).toBe(bundle.version);
  expect(readdirSync(outDir)).toEqual([bundle.version]);
});

test("another platform is another version, with its own one native file", async () => {
  const other = await bundleTenant({ outDir, target: "linux-arm64" });
  expect(other.version).not.toBe(bundle.version);
  const natives = (dir: string) =>
    readdirSync(path.join(dir, "opt/berth/node_modules/better-sqlite3-multiple-ciphers/prebuilds"));
  expect(natives(bundle.dir)).toEqual(["linux-x64.node"]);
  expect(natives(other.dir)).toEqual(["linux-arm64.node"]);
  await expect(bundleTenant({ outDir, target: "plan9-vax" })).rejects.toThrow(/no binary for plan9-vax/);
});

test("nothing is left to be found outside but Node, the database and OpenClaw", () => {
  for (const file of [
    "berth/tenant-agent.mjs",
    "berth/egress-proxy.mjs",
    "berth/command-runner.mjs",
    "berth/berth-vault.mjs",
    "safety-wrapper/index.js",
  ]) {
    const imported = [...read(file).matchAll(/^import\s[^;]*?from\s*"([^"]+)";|^import\s*"([^"]+)";/gm)].map(
      (hit) => hit[1] ?? hit[2] ?? "",
    );
    const outside = imported.filter((name) => !/^node:|^better-sqlite3-multiple-ciphers$|^openclaw(?:\/|$)/.test(name));
    expect(
      outside.filter((name) => !process.getBuiltinModule(name)),
      file,
    ).toEqual([]);
    expect(read(file)).not.toMatch(/from\s*"@berth\//);
  }
});

test("the wrapper is a plugin that OpenClaw finds: manifest, entry and package agree", () => {
  const described = JSON.parse(read("safety-wrapper/package.json"));
  expect(described).toMatchObject({ type: "module", openclaw: { extensions: ["./index.js"] } });
  expect(JSON.parse(read("safety-wrapper/openclaw.plugin.json")).id).toBe("safety-wrapper");
});
