import { existsSync, statSync } from "node:fs";
import { fail } from "@berth/platform";
import type { Statement } from "better-sqlite3-multiple-ciphers";
import { commitCopy, dropCopy, stageCopy } from "./rekey-file.ts";
import type { RekeyPart } from "./settle-rekey.ts";
import { openSqlcipher, storageFault } from "./sqlcipher.ts";

/** An open SQLCipher file. Where the disk fails, calls throw `unavailable` with the way out. */
export interface EncryptedDatabase {
  exec(sql: string): void;
  /** The first column of the first row. */
  pragma(text: string): unknown;
  prepare(sql: string): Statement;
  /** Whole or not at all, and on the disk when it returns. */
  inTransaction<T>(work: () => T): T;
  /** `rewrite` seals anew what is sealed inside the file. */
  rekeying(nextKey: Uint8Array, rewrite: (copy: RekeyedCopy) => void): RekeyPart;
  close(): void;
}
/** The copy under the next key, inside a transaction. */
export type RekeyedCopy = Pick<EncryptedDatabase, "prepare">;

/** Opens (or makes) the file, for this process alone. `key`: 32 raw bytes. Throws like `openSqlcipher`. */
export function openEncryptedDatabase(file: string, key: Uint8Array): EncryptedDatabase {
  let presentKey = key;
  let db = openSqlcipher({ file, key });
  const reopen = (): void => {
    db = openSqlcipher({ file, key: presentKey });
  };
  /** A copy that cannot be dropped now is dropped at the next start; the file itself has to be open again at once. */
  const takeBack = (): void => {
    reopen();
    try {
      dropCopy(file);
    } catch {
      // Nothing reads it meanwhile.
    }
  };
  return {
    exec: (sql) => guarded(() => db.exec(sql)),
    pragma: (text) => guarded(() => db.pragma(text, { simple: true })),
    prepare(sql) {
      const statement = guarded(() => db.prepare(sql));
      return {
        run: (...values) => guarded(() => statement.run(...values)),
        get: (...values) => guarded(() => statement.get(...values)),
        all: (...values) => guarded(() => statement.all(...values)),
      };
    },
    inTransaction: (work) => guarded(() => db.transaction(work).immediate()),
    rekeying: (nextKey, rewrite) => ({
      stage(): void {
        db.close();
        try {
          if (hasLog(file)) fail("unavailable", "The encrypted file could not be written back. Make room on the disk.");
          guarded(() => stageCopy({ file, key: presentKey, nextKey, rewrite }));
        } catch (error) {
          takeBack();
          throw error;
        }
      },
      commit(): void {
        commitCopy(file);
        presentKey = nextKey;
        reopen();
      },
      abandon: takeBack,
    }),
    close: () => db.close(),
  };
}

/** A log that closing did not write back belongs to the old file, and would be taken for the new one's. */
const hasLog = (file: string): boolean => existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0;

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw storageFault(thrown);
  }
}
