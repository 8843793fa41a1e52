import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { reveal } from "@berth/platform";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createKeyFile, openVault } from "./index.ts";
import { bindings, createVaultLab, entry, type VaultLab, value } from "./testing/vault-lab.ts";

let lab: VaultLab;
beforeEach(() => {
  lab = createVaultLab();
});
afterEach(() => lab.remove());

test("a secret comes back as a Secret that prints nothing, with its bindings, also after a restart", () => {
  lab.open().set(entry("api_key", value));
  lab.close();
  const secret = lab.open().get("api_key", "run_command");
  expect(reveal(secret)).toBe(value);
  expect(`${secret} ${JSON.stringify({ secret })} ${inspect(secret)}`).not.toContain(value);
  expect(lab.open().find("api_key")).toMatchObject({ version: 1, owner: "customer", bindings });
});

test("neither value, nor name, nor binding, nor audit can be read in any file of the vault, open or closed", () => {
  const vault = lab.open();
  vault.set(entry("very_telling_name", value));
  vault.rotate("very_telling_name", "another-value-4711");
  vault.get("very_telling_name", "a telling purpose");
  const telling = [value, "another-value-4711", "very_telling_name", "api.example.com", "telling purpose", "customer"];
  const forms = telling.flatMap((text) => [
    text,
    Buffer.from(text).toString("base64"),
    Buffer.from(text).toString("hex"),
  ]);
  const scan = () => {
    for (const text of [...forms, "SQLite format 3", "CREATE TABLE"]) expect(lab.bytes().includes(text)).toBe(false);
  };
  scan();
  expect(statSync(`${lab.file}-wal`).size).toBeGreaterThan(0);
  expect(statSync(lab.file).mode & 0o777).toBe(0o600);
  expect(statSync(`${lab.file}-wal`).mode & 0o777).toBe(0o600);
  lab.close();
  scan();
});

test("a wrong key gives one and the same answer, whatever is in the file, and leaves it usable with the right one", () => {
  lab.open().set(entry("api_key", value));
  lab.close();
  const wrong = join(lab.dir, "wrong");
  createKeyFile(wrong);
  const noise = join(lab.dir, "noise.db");
  writeFileSync(noise, Buffer.alloc(8192, 7));
  const answers = [lab.file, noise].map((file) => {
    try {
      openVault({ file, keyFile: wrong });
    } catch (error) {
      return inspect(error).replaceAll(/\n.*/gs, "");
    }
    return "opened";
  });
  expect(answers[0]).toContain("does not open with this key");
  expect(answers[1]).toBe(answers[0]);
  expect(reveal(lab.open().get("api_key", "test"))).toBe(value);
});

test("a vault that one process has open is not opened by another", () => {
  lab.open().set(entry("api_key", value));
  expect(() => openVault({ file: lab.file, keyFile: lab.keyFile })).toThrowError(
    expect.objectContaining({ code: "conflict", message: expect.stringContaining("second agent") }),
  );
}, 20_000);

test("a ciphertext moved from one row to another does not open", () => {
  lab.open().set(entry("first", "first-value-1234"));
  lab.open().set(entry("second", "second-value-5678"));
  lab.tamper("UPDATE secrets SET sealed = (SELECT sealed FROM secrets WHERE name = 'second') WHERE name = 'first'");
  expect(() => lab.open().get("first", "test")).toThrowError(expect.objectContaining({ code: "internal" }));
  expect(reveal(lab.open().get("second", "test"))).toBe("second-value-5678");
  expect(lab.open().verify().unopened).toEqual(["first"]);
});

test("two rows that swapped their ciphertexts both stay shut", () => {
  lab.open().set(entry("first", "first-value-1234"));
  lab.open().set(entry("second", "second-value-5678"));
  lab.tamper(`CREATE TEMP TABLE swap AS SELECT name, sealed FROM secrets;
    UPDATE secrets SET sealed = (SELECT sealed FROM swap WHERE swap.name <> secrets.name)`);
  for (const name of ["first", "second"])
    expect(() => lab.open().get(name, "test")).toThrowError(expect.objectContaining({ code: "internal" }));
  expect(lab.open().verify().unopened).toEqual(["first", "second"]);
});

test("a ciphertext of a former version does not open as the present one", () => {
  lab.open().set(entry("api_key", "old-value-12345"));
  lab.open().rotate("api_key", "new-value-67890");
  lab.tamper("UPDATE secrets SET sealed = (SELECT sealed FROM former_values)");
  expect(() => lab.open().get("api_key", "test")).toThrowError(expect.objectContaining({ code: "internal" }));
});

test("a name that SECRET_REF cannot hold is refused with the rule, and not repeated", () => {
  for (const name of ["Upper", "1st", "with space", "a)b", "x".repeat(64), "", "ünlaut", "a\nb"]) {
    const attempt = () => lab.open().set(entry(name, value));
    expect(attempt).toThrowError(expect.objectContaining({ code: "invalid_input" }));
    expect(attempt).toThrowError("name: must start with a letter a-z and hold only a-z, 0-9, _ and -");
    if (name !== "") expect(attempt).not.toThrowError(name);
  }
});

test("an unknown secret is not found, by name", () => {
  for (const use of [
    () => lab.open().get("nothing", "test"),
    () => lab.open().rotate("nothing", value),
    () => lab.open().bind("nothing", bindings),
  ])
    expect(use).toThrowError(
      expect.objectContaining({ code: "not_found", message: expect.stringContaining("nothing") }),
    );
  expect(lab.open().find("nothing")).toBeNull();
});

test("rotation raises the version, keeps bindings and time of making, and hands the former value to the matcher still", () => {
  const vault = lab.open();
  vault.set(entry("api_key", "old-value-12345"));
  const made = vault.find("api_key")?.createdAt;
  lab.clock.advance(60_000);
  expect(vault.rotate("api_key", "new-value-67890")).toMatchObject({
    version: 2,
    createdAt: made,
    rotatedAt: "2026-01-05T09:01:00.000Z",
    bindings,
  });
  expect(reveal(vault.get("api_key", "test"))).toBe("new-value-67890");
  const handed = vault.handOver("matcher").map((secret) => [secret.name, reveal(secret.value)]);
  expect(handed).toEqual([
    ["api_key", "new-value-67890"],
    ["api_key", "old-value-12345"],
  ]);
  expect(() => vault.rotate("api_key", "new-value-67890")).toThrowError("has this value already");
});

test("binding anew changes where a secret may be used and nothing else", () => {
  const vault = lab.open();
  vault.set(entry("api_key", value));
  const elsewhere = { tools: ["http_request"], hosts: ["*.example.org"], methods: ["POST" as const] };
  expect(vault.bind("api_key", elsewhere)).toMatchObject({ version: 1, rotatedAt: null, bindings: elsewhere });
  expect(reveal(vault.get("api_key", "test"))).toBe(value);
  expect(vault.audit().at(-2)).toMatchObject({
    action: "bind",
    purpose: "tools: http_request; hosts: *.example.org; methods: POST",
  });
});

test("storing under a name that is there replaces value, owner and bindings, and nothing where all is the same", () => {
  const vault = lab.open();
  vault.set(entry("api_key", value));
  vault.set(entry("api_key", value));
  expect(vault.audit()).toHaveLength(1);
  vault.set({ ...entry("api_key", value), owner: "generated" });
  expect(vault.find("api_key")).toMatchObject({ version: 1, owner: "generated" });
  vault.set({ ...entry("api_key", "other-value-99"), bindings: { tools: [], hosts: [], methods: [] } });
  expect(vault.find("api_key")).toMatchObject({ version: 2, owner: "customer", bindings: { tools: [] } });
  expect(reveal(vault.get("api_key", "test"))).toBe("other-value-99");
});

test("a removed secret is gone with its former values", () => {
  const vault = lab.open();
  vault.set(entry("api_key", "old-value-12345"));
  vault.rotate("api_key", "new-value-67890");
  expect(vault.remove("api_key")).toBe(true);
  expect(vault.remove("api_key")).toBe(false);
  expect(vault.list()).toEqual([]);
  expect(vault.handOver("matcher")).toEqual([]);
});

test("an import is all or nothing, and repeating it changes nothing", () => {
  const vault = lab.open();
  expect(() => vault.import([entry("good", value), entry("bad", "short")])).toThrowError("shorter than 8");
  expect(vault.list()).toEqual([]);
  expect(vault.audit()).toEqual([]);
  vault.import([entry("good", value)]);
  vault.import([entry("good", value)]);
  expect(vault.list()).toMatchObject([{ name: "good", version: 1 }]);
});

test("each reveal leaves an audit row with its purpose and never the value, and the time of use", () => {
  const vault = lab.open();
  vault.set(entry("api_key", value));
  lab.clock.advance(5_000);
  vault.get("api_key", "http_request api.example.com");
  expect(vault.audit()).toMatchObject([
    { seq: 1, action: "set", name: "api_key" },
    { seq: 2, action: "reveal", name: "api_key", version: 1, purpose: "http_request api.example.com" },
  ]);
  expect(vault.find("api_key")?.lastUsedAt).toBe("2026-01-05T09:00:05.000Z");
  expect(JSON.stringify(vault.audit())).not.toContain(value);
});

test("a reveal that fails because the row was tampered with is noted all the same", () => {
  lab.open().set(entry("api_key", value));
  lab.tamper("UPDATE secrets SET version = 9");
  expect(() => lab.open().get("api_key", "attempt")).toThrowError("did not open");
  expect(lab.open().audit().at(-1)).toMatchObject({ action: "reveal", purpose: "attempt" });
});
