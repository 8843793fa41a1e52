import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { VaultSeedEntry } from "@berth/contracts";
import { ManualClock } from "@berth/platform";
import {
  createKeyFile,
  deriveKey,
  type EncryptedDatabase,
  openEncryptedDatabase,
  openVault,
  readVaultKeys,
  type Vault,
  vaultFilePurpose,
} from "../index.ts";

export const value = "correct-horse-battery-7";
export const bindings: VaultSeedEntry["bindings"] = {
  tools: ["run_command"],
  hosts: ["api.example.com"],
  methods: ["GET"],
};
export const entry = (name: string, text: string): VaultSeedEntry => ({
  name,
  value: text,
  owner: "customer",
  bindings,
});

/** A vault in a folder of its own, that can be closed, tampered with by somebody who holds the key, and opened again. */
export function createVaultLab(folder = tmpdir()) {
  const dir = mkdtempSync(join(folder, "vault-"));
  const file = join(dir, "vault.db");
  const keyFile = join(dir, "key");
  const clock = new ManualClock();
  createKeyFile(keyFile);
  let vault: Vault | null = null;
  const lab = {
    dir,
    file,
    keyFile,
    clock,
    open(): Vault {
      vault ??= openVault({ file, keyFile, clock });
      return vault;
    },
    close(): void {
      vault?.close();
      vault = null;
    },
    fileKey: () => deriveKey(readVaultKeys(keyFile)[0] ?? Buffer.alloc(0), vaultFilePurpose),
    /** Works on the closed file as somebody would who holds the key. */
    withFile<T>(work: (db: EncryptedDatabase) => T): T {
      lab.close();
      const db = openEncryptedDatabase(file, lab.fileKey());
      try {
        return work(db);
      } finally {
        db.close();
      }
    },
    tamper: (sql: string): void => lab.withFile((db) => db.exec(sql)),
    /** Every byte of every file in the folder but the key's. */
    bytes: (): Buffer =>
      Buffer.concat(
        readdirSync(dir)
          .filter((name) => name !== "key")
          .map((name) => readFileSync(join(dir, name))),
      ),
    remove(): void {
      lab.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return lab;
}
export type VaultLab = ReturnType<typeof createVaultLab>;
