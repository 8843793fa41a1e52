import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createKeyFile, fingerprintOf, generateVaultKey, readVaultKeys, settleKeyFile, stageNextKey } from "./index.ts";

let dir: string;
let keyFile: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "vault-key-"));
  keyFile = join(dir, "key");
});
afterEach(() => rmSync(dir, { recursive: true }));
const isRoot = process.geteuid?.() === 0;
const hex = "0123456789abcdef".repeat(4);

const refusal = (code: string, ...words: string[]) =>
  expect.objectContaining({ code, message: expect.stringMatching(new RegExp(words.join(".*"), "s")) });

test.each([
  ["hex", hex],
  ["hex with a newline", `${hex}\n`],
  ["upper-case hex", hex.toUpperCase()],
  ["base64url", Buffer.from(hex, "hex").toString("base64url")],
])("a key is read as %s", (_how, text) => {
  writeFileSync(keyFile, text, { mode: 0o400 });
  expect(readVaultKeys(keyFile).map((key) => key.toString("hex"))).toEqual([hex]);
});

test.each([
  ["missing", null, "unavailable"],
  ["empty", "", "invalid_input"],
  ["too short", "c2hvcnQ", "invalid_input"],
  ["not base64url", "!".repeat(43), "invalid_input"],
  ["of three keys", [hex, hex, hex].join("\n"), "invalid_input"],
])("a key file that is %s is refused, and nothing of it repeated", (_what, content, code) => {
  if (content !== null) writeFileSync(keyFile, content, { mode: 0o400 });
  expect(() => readVaultKeys(keyFile)).toThrowError(expect.objectContaining({ code }));
  if (content) expect(() => readVaultKeys(keyFile)).not.toThrowError(content.slice(0, 8));
});

describe("a key file that others could read or replace is refused, with the way to mend it:", () => {
  test.each([
    [0o440, "its group"],
    [0o404, "everybody"],
    [0o644, "both"],
    [0o420, "its group, to write"],
  ])("mode %o: %s", (mode) => {
    writeFileSync(keyFile, hex);
    // Root's own group is root, which systemd's access lists show as; any other group is others.
    if (isRoot) chownSync(keyFile, 0, 65534);
    chmodSync(keyFile, mode);
    expect(() => readVaultKeys(keyFile)).toThrowError(refusal("forbidden", "Others can read", `chmod 0400 ${keyFile}`));
    chmodSync(keyFile, 0o400);
    expect(readVaultKeys(keyFile)).toHaveLength(1);
  });

  test.skipIf(!isRoot)("another owner (tested as root)", () => {
    writeFileSync(keyFile, hex, { mode: 0o400 });
    chownSync(keyFile, 65534, 65534);
    expect(() => readVaultKeys(keyFile)).toThrowError(refusal("forbidden", "another user", `chown 0 ${keyFile}`));
  });

  test.skipIf(!isRoot)(
    "not so as systemd hands a credential over: root's, with an access list that shows as its group",
    () => {
      writeFileSync(keyFile, hex);
      chmodSync(keyFile, 0o440);
      expect(readVaultKeys(keyFile)).toHaveLength(1);
      chmodSync(keyFile, 0o460);
      expect(() => readVaultKeys(keyFile)).toThrowError(refusal("forbidden", "chmod"));
    },
  );

  test("a folder in which others can write, unless it is sticky", () => {
    const shared = join(dir, "shared");
    mkdirSync(shared);
    createKeyFile(join(shared, "key"));
    chmodSync(shared, 0o777);
    expect(() => readVaultKeys(join(shared, "key"))).toThrowError(
      refusal("forbidden", "replace", `chmod go-w ${shared}`),
    );
    chmodSync(shared, 0o1777);
    expect(readVaultKeys(join(shared, "key"))).toHaveLength(1);
  });
});

describe("a switch of keys", () => {
  test("holds both from its beginning to its end, closed to others all the time, and leaves nothing beside", () => {
    const present = createKeyFile(keyFile);
    const next = generateVaultKey();
    stageNextKey(keyFile, next);
    expect(readVaultKeys(keyFile)).toEqual([present, next]);
    expect(statSync(keyFile).mode & 0o777).toBe(0o400);
    expect(() => stageNextKey(keyFile, generateVaultKey())).toThrowError(refusal("conflict", "under way"));
    settleKeyFile(keyFile, fingerprintOf(next));
    expect(readVaultKeys(keyFile)).toEqual([next]);
    expect(statSync(keyFile)).toMatchObject({ size: 64 });
    expect(readdirSync(dir)).toEqual(["key"]);
  });

  test("can be taken back", () => {
    const present = createKeyFile(keyFile);
    stageNextKey(keyFile, generateVaultKey());
    settleKeyFile(keyFile, fingerprintOf(present));
    expect(readVaultKeys(keyFile)).toEqual([present]);
  });

  test("never settles on a key that the file does not hold", () => {
    createKeyFile(keyFile);
    const before = readFileSync(keyFile);
    expect(() => settleKeyFile(keyFile, fingerprintOf(generateVaultKey()))).toThrowError(
      refusal("conflict", "right file"),
    );
    expect(readFileSync(keyFile)).toEqual(before);
  });

  test("goes on where a draft was left by one that broke off", () => {
    const present = createKeyFile(keyFile);
    writeFileSync(`${keyFile}.new`, "half a k", { mode: 0o400 });
    const next = generateVaultKey();
    stageNextKey(keyFile, next);
    expect(readVaultKeys(keyFile)).toEqual([present, next]);
  });

  test.skipIf(!isRoot)("keeps the owner of the file", () => {
    createKeyFile(keyFile);
    chownSync(keyFile, 0, 65534);
    stageNextKey(keyFile, generateVaultKey());
    expect(statSync(keyFile)).toMatchObject({ uid: 0, gid: 65534 });
  });
});

test("a key file that is there is not overwritten", () => {
  const key = createKeyFile(keyFile);
  expect(() => createKeyFile(keyFile)).toThrowError("EEXIST");
  expect(readVaultKeys(keyFile)).toEqual([key]);
});
