import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reveal } from "@berth/platform";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fingerprintOf, generateVaultKey, makeRecoveryKey, rekeyTogether, stageNextKey, type Vault } from "./index.ts";
import { createVaultLab, entry, type VaultLab, value } from "./testing/vault-lab.ts";

const run = (...argv: string[]) => spawnSync(argv[0] ?? "", argv.slice(1), { encoding: "utf8" });

/** A file system of its own, which takes root (and a kernel that lets root mount). */
const canMount = (() => {
  const dir = mkdtempSync(join(tmpdir(), "mount-"));
  const mounted = run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", dir).status === 0;
  if (mounted) run("umount", dir);
  rmSync(dir, { recursive: true });
  return mounted;
})();

describe.skipIf(!canMount)("on a disk that is full (needs root to mount one)", () => {
  let disk: string;
  let lab: VaultLab;
  let vault: Vault;
  beforeEach(() => {
    disk = mkdtempSync(join(tmpdir(), "disk-"));
    expect(run("mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", disk).status).toBe(0);
    lab = createVaultLab(disk);
    vault = lab.open();
    vault.set(entry("api_key", value));
  });
  afterEach(() => {
    lab.close();
    run("umount", disk);
    rmSync(disk, { recursive: true });
  });

  const ballast = () => join(disk, "ballast");
  function fill(): void {
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(ballast(), Buffer.alloc(bavail * bsize, 1));
    expect(statfsSync(disk).bavail).toBe(0);
  }
  /** The write-ahead log may have room left of its own; used up, every further write needs the disk. */
  function useUp(): void {
    fill();
    for (let use = 0; use < 9000; use += 1) {
      try {
        vault.bind("api_key", { tools: [`tool_${use}`], hosts: [], methods: [] });
      } catch {
        return;
      }
    }
    throw new Error("the disk never ran out");
  }
  const full = expect.objectContaining({
    code: "unavailable",
    message: expect.stringContaining("Make room on the disk"),
  });

  test("no value is opened, as its use cannot be noted; with room again all is as before", () => {
    useUp();
    const rows = vault.audit().length;
    const attempt = () => vault.get("api_key", "while full");
    expect(attempt).toThrowError(full);
    expect(attempt).toThrowError("no value was opened");
    expect(attempt).not.toThrowError(value);
    expect(() => vault.handOver("matcher")).toThrowError("no value was opened");
    expect(vault.audit()).toHaveLength(rows);
    rmSync(ballast());
    expect(reveal(vault.get("api_key", "afterwards"))).toBe(value);
    expect(vault.verify()).toMatchObject({ auditBrokenAt: null, unopened: [], damaged: false });
  });

  test("nothing is stored, rotated or removed by half", () => {
    useUp();
    const before = JSON.stringify(vault.list());
    expect(() => vault.set(entry("another", "x-value-12345".repeat(100)))).toThrowError(full);
    expect(() => vault.rotate("api_key", "y-value-12345".repeat(100))).toThrowError(full);
    expect(() => vault.remove("api_key")).toThrowError(full);
    expect(JSON.stringify(vault.list())).toBe(before);
    rmSync(ballast());
    expect(reveal(vault.get("api_key", "afterwards"))).toBe(value);
  });

  test("a rekey is taken back, and the vault goes on under the key it had", () => {
    for (let count = 0; count < 20; count += 1) vault.set(entry(`key_${count}`, `${value}-${count}`.repeat(80)));
    const before = vault.keyFingerprint();
    const next = generateVaultKey();
    stageNextKey(lab.keyFile, next);
    fill();
    expect(() => rekeyTogether([vault.rekeying(next)])).toThrowError(full);
    expect(vault.keyFingerprint()).toBe(before);
    rmSync(ballast());
    expect(reveal(vault.get("key_7", "afterwards"))).toContain(value);
    rekeyTogether([vault.rekeying(next)]);
    expect(vault.keyFingerprint()).toBe(fingerprintOf(next));
    expect(reveal(vault.get("key_7", "afterwards"))).toContain(value);
  });

  test("the next key is not put into the key file by half", () => {
    const before = readFileSync(lab.keyFile, "utf8");
    fill();
    expect(() => stageNextKey(lab.keyFile, generateVaultKey())).toThrowError(full);
    expect(readFileSync(lab.keyFile, "utf8")).toBe(before);
  });

  test("no backup leaves, as it cannot be noted", async () => {
    vault.setRecovery((await makeRecoveryKey()).recipient, { replace: false });
    useUp();
    await expect(vault.backup()).rejects.toThrowError("no value was opened");
  });

  test("on a disk that turned read-only the vault does not open, and says why", () => {
    lab.close();
    expect(run("mount", "-o", "remount,ro", disk).status).toBe(0);
    expect(() => lab.open()).toThrowError(
      expect.objectContaining({ code: "unavailable", message: expect.stringContaining("mount it writable") }),
    );
    expect(run("mount", "-o", "remount,rw", disk).status).toBe(0);
    expect(reveal(lab.open().get("api_key", "afterwards"))).toBe(value);
  });
});

test("whatever keeps the audit row from being written keeps the value shut", () => {
  const lab = createVaultLab();
  lab.open().set(entry("api_key", value));
  lab.tamper("CREATE TRIGGER no_room BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no room'); END");
  expect(() => lab.open().get("api_key", "test")).toThrowError("no room");
  expect(lab.open().find("api_key")?.lastUsedAt).toBeNull();
  lab.tamper("DROP TRIGGER no_room");
  expect(reveal(lab.open().get("api_key", "test"))).toBe(value);
  lab.remove();
});
