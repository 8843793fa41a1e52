import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reveal } from "@berth/platform";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openVault, type Vault } from "./index.ts";
import { createVaultLab, entry, type VaultLab, value } from "./testing/vault-lab.ts";

const pageBytes = 4096;
let lab: VaultLab;
beforeEach(() => {
  lab = createVaultLab();
});
afterEach(() => lab.remove());

const contentOf = (vault: Vault): string =>
  JSON.stringify([
    vault.list(),
    vault.audit(),
    vault.handOver("test").map((secret) => [secret.name, reveal(secret.value)]),
  ]);

/** `detected`: the vault does not open, or verify says so, or reading fails. Otherwise what it holds. */
function look(file: string, keyFile: string): string {
  try {
    const vault = openVault({ file, keyFile, clock: lab.clock });
    try {
      const { damaged, auditBrokenAt, unopened } = vault.verify();
      return damaged || auditBrokenAt !== null || unopened.length > 0 ? "detected" : contentOf(vault);
    } finally {
      vault.close();
    }
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/forbidden|internal/) });
    expect(String(error)).not.toContain(value);
    return "detected";
  }
}

/** Bits to try on a page: the first and last of its body, of its IV and of its HMAC, and some drawn at random. */
function bitsOf(page: number): number[] {
  const edges = [0, 15, 16, 4015, 4016, 4031, 4032, 4095].map((byte) => byte * 8 + (page % 8));
  const drawn = Array.from(
    { length: 24 },
    (_, index) => createHash("sha256").update(`${page} ${index}`).digest().readUInt32BE() % (pageBytes * 8),
  );
  return [...edges, ...drawn];
}

test("a single flipped bit, on whichever page, is found or changes nothing", () => {
  const vault = lab.open();
  for (let count = 0; count < 12; count += 1) vault.set(entry(`key_${count}`, `${value}-${count}-`.repeat(40)));
  vault.rotate("key_3", "newer-value-4711");
  vault.remove("key_5");
  lab.close();
  const whole = readFileSync(lab.file);
  const copy = join(lab.dir, "copy.db");
  copyFileSync(lab.file, copy);
  const expected = look(copy, lab.keyFile);
  expect(expected).toContain("newer-value-4711");
  const pages = whole.length / pageBytes;
  expect(pages).toBeGreaterThanOrEqual(8);
  const found = { detected: 0, harmless: 0 };
  for (let page = 0; page < pages; page += 1)
    for (const bit of bitsOf(page)) {
      const flipped = Buffer.from(whole);
      const at = page * pageBytes + (bit >> 3);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (bit & 7));
      for (const suffix of ["", "-wal", "-shm"]) rmSync(`${copy}${suffix}`, { force: true });
      writeFileSync(copy, flipped);
      const result = look(copy, lab.keyFile);
      expect([`detected`, expected], `page ${page}, bit ${bit}`).toContain(result);
      found[result === "detected" ? "detected" : "harmless"] += 1;
    }
  // Pages that hold nothing are the only harmless ones.
  expect(found.detected).toBeGreaterThan(found.harmless * 3);
}, 120_000);

test("a flipped bit in the write-ahead log of a crash gives an earlier state, whole, and never another value", () => {
  const vault = lab.open();
  vault.set(entry("api_key", "first-value-0001"));
  vault.rotate("api_key", "second-value-0002");
  vault.rotate("api_key", "third-value-0003");
  const [file, log] = [readFileSync(lab.file), readFileSync(`${lab.file}-wal`)];
  const noted = vault.auditHead();
  lab.close();
  const copy = join(lab.dir, "copy.db");
  let lost = 0;
  for (let at = 0; at < log.length; at += Math.ceil(log.length / 60)) {
    const flipped = Buffer.from(log);
    flipped[at] = (flipped[at] ?? 0) ^ 4;
    rmSync(`${copy}-shm`, { force: true });
    writeFileSync(copy, file);
    writeFileSync(`${copy}-wal`, flipped);
    const opened = openVault({ file: copy, keyFile: lab.keyFile });
    expect(opened.verify()).toMatchObject({ auditBrokenAt: null, unopened: [], damaged: false });
    const row = opened.find("api_key");
    const values = [undefined, "first-value-0001", "second-value-0002", "third-value-0003"];
    const held = row ? reveal(opened.get("api_key", "test")) : undefined;
    expect(held).toBe(values[row?.version ?? 0]);
    // What was lost shows by a head that was noted elsewhere.
    if (row?.version !== 3) {
      lost += 1;
      expect(opened.holdsHead(noted)).toBe(false);
    }
    opened.close();
  }
  expect(lost).toBeGreaterThan(20);
}, 60_000);
