import { readFileSync } from "node:fs";
import { join } from "node:path";
import { generateSigningKey, reveal, type Secret, secretOf } from "@berth/platform";
import { Decrypter, Encrypter } from "age-encryption";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  deriveKey,
  makeRecoveryKey,
  parseRecoveryKey,
  type RecoveryKeyPair,
  readVaultKeys,
  recipientOf,
  recoveryConsequences,
} from "./index.ts";
import { createVaultLab, entry, type VaultLab, value } from "./testing/vault-lab.ts";

let lab: VaultLab;
let fresh: VaultLab;
let pair: RecoveryKeyPair;
beforeEach(async () => {
  lab = createVaultLab();
  fresh = createVaultLab();
  pair = await makeRecoveryKey();
});
afterEach(() => {
  lab.remove();
  fresh.remove();
});

/** A vault with some history, and its backup. */
async function makeBackup(): Promise<Uint8Array> {
  const vault = lab.open();
  vault.set(entry("api_key", "old-value-12345"));
  lab.clock.advance(60_000);
  vault.rotate("api_key", "mid-value-12345");
  vault.rotate("api_key", value);
  vault.set({ ...entry("pem", `-----BEGIN KEY-----\n${"ab1+".repeat(400)}\n`), owner: "generated" });
  vault.bind("pem", { tools: ["http_request"], hosts: ["*.example.org"], methods: ["POST"] });
  vault.set({ ...entry("llm-key", "operators-own-key"), owner: "operator" });
  lab.clock.advance(60_000);
  vault.get("api_key", "use");
  vault.setRecovery(pair.recipient, { replace: false });
  return vault.backup();
}
const refused = (message: string) =>
  expect.objectContaining({ code: "invalid_input", message: expect.stringContaining(message) });

test("a backup restores whole: names, values, former values, owners, bindings and times; the audit says where from", async () => {
  const backup = await makeBackup();
  const head = lab.open().auditHead();
  const result = await fresh.open().restore(backup, pair.privateKey);
  expect(result).toEqual({ madeAt: "2026-01-05T09:02:00.000Z", restored: 3, kept: [] });
  expect(fresh.open().list()).toEqual(lab.open().list());
  const values = (from: VaultLab) =>
    from
      .open()
      .handOver("test")
      .map((secret) => [secret.name, reveal(secret.value)])
      .sort();
  expect(values(fresh)).toEqual(values(lab));
  expect(values(fresh)).toHaveLength(5);
  expect(fresh.open().audit()[0]).toMatchObject({
    action: "restore",
    version: 3,
    purpose: `backup of 2026-01-05T09:02:00.000Z, audit head ${head.seq}:${head.hash}`,
  });
  expect(fresh.open().verify()).toMatchObject({ auditBrokenAt: null, unopened: [], damaged: false });
  expect(fresh.open().recovery()?.recipient).toBe(pair.recipient);
  fresh.open().rotate("api_key", "after-restore-1");
  expect(fresh.open().find("api_key")?.version).toBe(4);
});

test("a backup shows nothing of what is in it, and is noted before it is made", async () => {
  const backup = Buffer.from(await makeBackup());
  for (const text of [value, "old-value", "api_key", "example.org", pair.recipient, "berth"])
    expect(backup.includes(text)).toBe(false);
  expect(lab.open().audit().at(-1)).toMatchObject({ action: "backup", purpose: `sealed for ${pair.recipient}` });
});

test("any tool for age files opens a backup with the recovery key: the customer doesn't depend on us for it", async () => {
  const decrypter = new Decrypter();
  decrypter.addIdentity(reveal(pair.privateKey));
  const content = JSON.parse(await decrypter.decrypt(await makeBackup(), "text"));
  expect(content).toMatchObject({ format: "berth-vault-backup", formatVersion: 1 });
  expect(content.secrets[0]).toMatchObject({ name: "api_key", value, former: [{ version: 1 }, { version: 2 }] });
});

describe("a backup is refused, and the vault stays empty,", () => {
  const attempt = async (backup: Uint8Array, key: Secret, reason: string) => {
    const restored = fresh.open().restore(backup, key);
    await expect(restored).rejects.toThrowError(refused(reason));
    await expect(restored).rejects.not.toThrowError(value);
    expect(fresh.open().list()).toEqual([]);
    expect(fresh.open().audit()).toEqual([]);
  };

  test("with another recovery key", async () => {
    await attempt(
      await makeBackup(),
      (await makeRecoveryKey()).privateKey,
      "sealed for another one. Nothing else opens it.",
    );
  });

  test("when the recovery key is lost: no key of the server and none of the Hub opens it", async () => {
    const backup = await makeBackup();
    const [vaultKey = Buffer.alloc(0)] = readVaultKeys(lab.keyFile);
    const { privateKey } = generateSigningKey();
    const hubKey = Buffer.from(privateKey.export({ format: "jwk" }).d ?? "", "base64url");
    const others = [vaultKey, deriveKey(vaultKey, "vault file"), deriveKey(vaultKey, "vault values"), hubKey];
    for (const bytes of others) {
      expect(bytes).toHaveLength(32);
      const decrypter = new Decrypter();
      decrypter.addIdentity(
        await crypto.subtle.importKey(
          "pkcs8",
          Buffer.concat([Buffer.from("302e020100300506032b656e04220420", "hex"), bytes]),
          "X25519",
          false,
          ["deriveBits"],
        ),
      );
      await expect(decrypter.decrypt(backup)).rejects.toThrow("no identity matched");
    }
    // Nor is the key anywhere on the server to be found.
    lab.close();
    const stored = Buffer.concat([lab.bytes(), readFileSync(lab.keyFile)]);
    expect(stored.includes(reveal(pair.privateKey))).toBe(false);
  });

  test("when it was cut short, wherever", async () => {
    const backup = await makeBackup();
    for (const part of [0, 0.01, 0.1, 0.3, 0.6, 0.9]) {
      const cut = backup.subarray(0, Math.floor(backup.length * part));
      await expect(fresh.open().restore(cut, pair.privateKey)).rejects.toThrowError(
        refused(part < 0.01 ? "no backup of a vault" : "changed or cut short"),
      );
    }
    await attempt(backup.subarray(0, -1), pair.privateKey, "changed or cut short");
  });

  test("when anything was put behind it", async () => {
    await attempt(Buffer.concat([await makeBackup(), Buffer.from([0])]), pair.privateKey, "changed or cut short");
  });

  test("when a single bit was changed, wherever", async () => {
    const backup = await makeBackup();
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: backup.length * 8 - 1 }), async (bit) => {
        const changed = Buffer.from(backup);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        await expect(fresh.open().restore(changed, pair.privateKey)).rejects.toThrowError(
          expect.objectContaining({ code: "invalid_input" }),
        );
      }),
      { numRuns: 150 },
    );
    expect(fresh.open().list()).toEqual([]);
  }, 60_000);

  test("when it is something else that was sealed for the same key", async () => {
    const encrypter = new Encrypter();
    encrypter.addRecipient(pair.recipient);
    for (const text of ["hello", "{}", `{"format":"berth-vault-backup","formatVersion":2,"secrets":["${value}"]}`])
      await attempt(
        await encrypter.encrypt(text),
        pair.privateKey,
        "holds no backup that this version of Berth understands",
      );
  });

  test("when the vault has a secret of the customer's", async () => {
    const backup = await makeBackup();
    fresh.open().set(entry("mine", "my-own-value-1"));
    await expect(fresh.open().restore(backup, pair.privateKey)).rejects.toThrowError(
      expect.objectContaining({ code: "conflict", message: expect.stringContaining("not empty") }),
    );
    expect(fresh.open().list()).toHaveLength(1);
  });
});

test("a new server's own operator keys are kept, and said so", async () => {
  const backup = await makeBackup();
  fresh.open().set({ ...entry("llm-key", "this-servers-key"), owner: "operator" });
  const result = await fresh.open().restore(backup, pair.privateKey);
  expect(result).toMatchObject({ restored: 2, kept: ["llm-key"] });
  expect(reveal(fresh.open().get("llm-key", "test"))).toBe("this-servers-key");
});

test("without a recovery key there is no backup, and the way to one is said", async () => {
  lab.open().set(entry("api_key", value));
  await expect(lab.open().backup()).rejects.toThrowError("berth-vault recovery-key new");
});

test("the recovery key is set once; another takes its place only on purpose, which is noted", async () => {
  const vault = lab.open();
  expect(vault.recovery()).toBeNull();
  vault.setRecovery(pair.recipient, { replace: false });
  const other = await makeRecoveryKey();
  expect(() => vault.setRecovery(other.recipient, { replace: false })).toThrowError(
    expect.objectContaining({ code: "conflict", message: expect.stringContaining("--replace") }),
  );
  expect(vault.recovery()).toEqual({ recipient: pair.recipient, setAt: "2026-01-05T09:00:00.000Z" });
  vault.setRecovery(other.recipient, { replace: true });
  expect(vault.recovery()?.recipient).toBe(other.recipient);
  expect(vault.audit().map(({ action, purpose }) => [action, purpose])).toEqual([
    ["recovery_key", pair.recipient],
    ["recovery_key", `${other.recipient}, in place of ${pair.recipient}`],
  ]);
  vault.set(entry("api_key", value));
  const backup = await vault.backup();
  await expect(fresh.open().restore(backup, pair.privateKey)).rejects.toThrowError("another one");
  await expect(fresh.open().restore(backup, other.privateKey)).resolves.toMatchObject({ restored: 1 });
});

test("only a public recovery key is taken as one", () => {
  for (const text of ["", "age1short", "AGE-SECRET-KEY-1QQ", `age1${"b".repeat(58)}`])
    expect(() => lab.open().setRecovery(text, { replace: false })).toThrowError(refused("recovery key"));
  const mistyped = pair.recipient.slice(0, -1) + (pair.recipient.endsWith("q") ? "p" : "q");
  expect(() => lab.open().setRecovery(mistyped, { replace: false })).toThrowError(refused("typing mistake"));
  expect(lab.open().recovery()).toBeNull();
});

test("a recovery key is read as a person types it, and a typing mistake is told without repeating it", async () => {
  const text = reveal(pair.privateKey);
  const typed = ` ${text.toLowerCase().slice(0, 30)}\n${text.slice(30)} `;
  expect(await recipientOf(parseRecoveryKey(typed))).toBe(pair.recipient);
  for (const bad of ["", "my key", text.slice(0, -1), `${text}Q`, text.replace("AGE", "EGA")])
    expect(() => parseRecoveryKey(bad)).toThrowError(refused("AGE-SECRET-KEY-1"));
  const swapped = text.slice(0, 40) + (text[40] === "Q" ? "P" : "Q") + text.slice(41);
  await expect(recipientOf(secretOf(swapped))).rejects.toThrowError(refused("typing mistake"));
  await expect(recipientOf(parseRecoveryKey(swapped))).rejects.not.toThrowError(text.slice(20, 40));
});

test("what losing the key means stands word for word in the runbook", () => {
  const runbook = readFileSync(join(import.meta.dirname, "../../../docs/runbooks/vault.md"), "utf8");
  expect(runbook).toContain(recoveryConsequences);
  expect(recoveryConsequences).toContain("nobody can open the backups");
});
