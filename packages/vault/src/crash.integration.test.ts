import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { reveal } from "@berth/platform";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deriveKey, openEncryptedDatabase, openVault, readVaultKeys, vaultFilePurpose } from "./index.ts";
import { actOf, after, type Model } from "./testing/crash-model.ts";
import { createVaultLab, type VaultLab } from "./testing/vault-lab.ts";

const lanes = 3;
const killsPerLane = 40;
const actsPerLife = 40;
const repository = resolve(import.meta.dirname, "../../..");
const child = join(repository, `.berth/crash-child-${process.pid}.mjs`);

beforeAll(async () => {
  mkdirSync(join(repository, ".berth"), { recursive: true });
  const banner =
    'import { createRequire as nodeRequire } from "node:module"; const require = nodeRequire(import.meta.url);';
  await build({
    entryPoints: [join(import.meta.dirname, "testing/crash-child.ts")],
    outfile: child,
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["better-sqlite3-multiple-ciphers"],
    banner: { js: banner },
    logLevel: "silent",
  });
});
afterAll(() => rmSync(child, { force: true }));

const numberOf = (seed: string, below: number): number =>
  createHash("sha256").update(seed).digest().readUInt32BE() % below;

interface Life {
  begun: number;
  ended: number;
  killed: boolean;
}

/** A life of a process that works on the vault: ended by itself at a call of node:fs, or from here at any moment. */
function live(lab: VaultLab, seed: string, model: Model): Promise<Life> {
  const byItself = numberOf(`${seed} how`, 2) === 0;
  const killAt = byItself ? 1 + numberOf(`${seed} call`, 90) : 0;
  const afterActs = numberOf(`${seed} acts`, 8);
  const waitMs = numberOf(`${seed} ms`, 12);
  const worker = spawn(
    process.execPath,
    [child, lab.dir, seed, Object.keys(model).join(), `${killAt}`, `${actsPerLife}`],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const life: Life = { begun: -1, ended: -1, killed: false };
  let text = "";
  let sentenced = byItself;
  worker.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (text + chunk).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      const { begin, end }: { begin?: number; end?: number } = JSON.parse(line);
      if (begin !== undefined) life.begun = begin;
      if (end !== undefined) life.ended = end;
    }
    if (sentenced || life.begun < afterActs) return;
    sentenced = true;
    setTimeout(() => worker.kill("SIGKILL"), waitMs);
  });
  return new Promise((done, failed) => {
    worker.on("error", failed);
    worker.on("close", (code, signal) => {
      life.killed = signal === "SIGKILL";
      if (life.killed || code === 0) done(life);
      else failed(new Error(`the process ended with ${code} at act ${life.begun} of ${seed}`));
    });
  });
}

const opensWith = (file: string, key: Uint8Array): boolean => {
  try {
    openEncryptedDatabase(file, deriveKey(key, vaultFilePurpose)).close();
    return true;
  } catch {
    return false;
  }
};

/** What the vault holds now, opened as the agent would after the crash. */
function contentOf(lab: VaultLab): { model: Model; faults: unknown } {
  const vault = openVault(lab);
  try {
    const { auditBrokenAt, unopened, damaged } = vault.verify();
    const model: Model = {};
    for (const { name, value } of vault.handOver("test")) model[name] = [...(model[name] ?? []), reveal(value)];
    return { model, faults: { auditBrokenAt, unopened, damaged } };
  } finally {
    vault.close();
  }
}

const sorted = (model: Model): string =>
  JSON.stringify(
    Object.entries(model)
      .map(([name, values]) => [name, values.at(-1), values.toSorted()])
      .sort(),
  );

async function runLane(lane: number): Promise<{ kills: number; torn: number; keysTwo: number; taken: number }> {
  const lab = createVaultLab();
  const sums = { kills: 0, torn: 0, keysTwo: 0, taken: 0 };
  let model: Model = {};
  for (let round = 0; sums.kills < killsPerLane && round < killsPerLane * 2; round += 1) {
    const seed = `${lane}.${round}`;
    const life = await live(lab, seed, model);
    if (life.killed) sums.kills += 1;
    for (let index = 0; index <= life.ended; index += 1) model = after(model, actOf(`${seed}-${index}`, model));
    const open = life.begun > life.ended ? after(model, actOf(`${seed}-${life.begun}`, model)) : model;
    sums.torn += life.begun > life.ended ? 1 : 0;

    const keys = readVaultKeys(lab.keyFile);
    sums.keysTwo += keys.length - 1;
    const { model: found, faults } = contentOf(lab);
    expect(
      keys.filter((key) => opensWith(lab.file, key)),
      `keys that open it after ${seed}`,
    ).toHaveLength(1);
    expect(readdirSync(lab.dir).filter((name) => name.startsWith("vault.db.next"))).toEqual([]);
    expect(faults, `verify after ${seed}`).toEqual({ auditBrokenAt: null, unopened: [], damaged: false });
    // `handOver` gives the present value first and the former ones after it.
    const now = Object.fromEntries(
      Object.entries(found).map(([name, [first = "", ...rest]]) => [name, [...rest, first]]),
    );
    expect([sorted(model), sorted(open)], `content after ${seed}`).toContain(sorted(now));
    if (sorted(now) === sorted(open) && sorted(open) !== sorted(model)) sums.taken += 1;
    model = sorted(now) === sorted(model) ? model : open;
  }
  lab.remove();
  return sums;
}

test("120 times killed with -9 while it rekeys, rotates, stores, imports and removes, the vault is old or new and never mixed", async () => {
  const sums = await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(lane)));
  const total = (name: keyof (typeof sums)[number]) => sums.reduce((sum, lane) => sum + lane[name], 0);
  expect(total("kills")).toBe(lanes * killsPerLane);
  // The kills hit what they are meant to: the middle of an act, and of a switch of keys.
  expect(total("torn")).toBeGreaterThan(lanes * killsPerLane * 0.5);
  expect(total("keysTwo")).toBeGreaterThan(5);
}, 600_000);

test("a fresh vault that is killed while it is made is made anew", async () => {
  for (let killAt = 1; killAt <= 12; killAt += 1) {
    const lab = createVaultLab();
    const argv = [child, lab.dir, "fresh", "", `${killAt}`, "0"];
    await new Promise((done) => spawn(process.execPath, argv).on("close", done));
    expect(contentOf(lab)).toMatchObject({ model: {}, faults: { auditBrokenAt: null, damaged: false } });
    lab.remove();
  }
}, 120_000);
