import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reveal, seal } from "@berth/platform";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createKeyFile, deriveKey, openEncryptedDatabase, openVault } from "./index.ts";
import { migrateVault, migrations } from "./schema.ts";

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "vault-schema-"));
  file = join(dir, "vault.db");
});
afterEach(() => rmSync(dir, { recursive: true }));

test("a vault from before schemas were counted opens, and its secrets keep every method", () => {
  const keyFile = join(dir, "key");
  const key = createKeyFile(keyFile);
  const old = openEncryptedDatabase(file, deriveKey(key, "vault file"));
  old.exec(migrations[0] ?? "");
  const sealed = seal("value-of-old-1", deriveKey(key, "vault values"), "berth-vault:sec_1:1");
  old
    .prepare("INSERT INTO secrets VALUES (?, ?, 1, ?, 'customer', ?, ?, 5, NULL, NULL)")
    .run("sec_1", "old_key", sealed, '["http_request"]', '["api.example.com"]');
  old.close();
  for (let opening = 0; opening < 2; opening += 1) {
    const vault = openVault({ file, keyFile });
    expect(reveal(vault.get("old_key", "test"))).toBe("value-of-old-1");
    expect(vault.find("old_key")?.bindings).toEqual({
      tools: ["http_request"],
      hosts: ["api.example.com"],
      methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    });
    vault.close();
  }
});

test("a migration that fails leaves the file as it was", () => {
  const key = randomBytes(32);
  const db = openEncryptedDatabase(file, key);
  // The second migration adds a column that is there already.
  db.exec(`${migrations[0]} ALTER TABLE secrets ADD COLUMN methods TEXT;`);
  expect(() => migrateVault(db)).toThrow("duplicate column");
  expect(db.pragma("user_version")).toBe(0);
  db.close();
});

test("a file of a newer Berth is refused, not changed", () => {
  const db = openEncryptedDatabase(file, randomBytes(32));
  db.pragma("user_version=999");
  expect(() => migrateVault(db)).toThrowError(
    expect.objectContaining({ code: "conflict", message: expect.stringContaining("schema 999") }),
  );
  expect(db.pragma("user_version")).toBe(999);
  db.close();
});
