import type { SecretBindings, VaultSeedEntry } from "@berth/contracts";
import { type Clock, createIds, type Ids, parseOrFail, type Secret, seal, systemClock, unseal } from "@berth/platform";
import { type AuditEntry, type AuditHead, createAuditChain } from "./audit-chain.ts";
import { type RestoreResult, restoreBackup, sealBackup } from "./backup.ts";
import { deriveKey, fingerprintOf } from "./derive-key.ts";
import { openEncryptedDatabase } from "./encrypted-database.ts";
import { findRecovery, type RecoveryInfo, RecoveryRecipient, setRecovery } from "./recovery-key.ts";
import { rekeyVaultFile } from "./rekey-vault.ts";
import { handOverSecrets, revealSecret } from "./reveal-secret.ts";
import { migrateVault } from "./schema.ts";
import { allRows, findRow, infoOf, placeOf, type SecretInfo, type VaultContext } from "./secret-rows.ts";
import { type RekeyPart, settleRekey, vaultFilePurpose } from "./settle-rekey.ts";
import { bindSecret, removeSecret, rotateSecret, storeSecret } from "./store-secret.ts";
import { type VaultReport, verifyVault } from "./verify-vault.ts";

export interface Vault {
  /** Stores, or replaces what is under that name; throws `invalid_input` with the reason for what cannot be guarded. */
  set(entry: VaultSeedEntry): SecretInfo;
  /** A new value for a secret that is there; throws `not_found`. */
  rotate(name: string, value: string): SecretInfo;
  /** Replaces where a secret may be used; throws `not_found`. */
  bind(name: string, bindings: SecretBindings): SecretInfo;
  /** All or nothing. An entry that is there already with the same value and bindings is left as it is. */
  import(entries: VaultSeedEntry[]): void;
  find(name: string): SecretInfo | null;
  list(): SecretInfo[];
  /**
   * The value, after an audit row. Throws `not_found` for an unknown name, `internal` for a row that was tampered with,
   * `unavailable` if the row cannot be written.
   */
  get(name: string, purpose: string): Secret;
  /** Every value, former ones too, for a matcher; after one audit row for all. */
  handOver(purpose: string): { name: string; value: Secret }[];
  /** With its former values. False if there was none. */
  remove(name: string): boolean;
  audit(): AuditEntry[];
  auditHead(): AuditHead;
  /** False if a head that was noted earlier is not in the chain. */
  holdsHead(head: AuditHead): boolean;
  /** Reads and checks everything; `noted`: audit heads from earlier that must still be in the chain. */
  verify(noted?: AuditHead[]): VaultReport;
  /** Tells vault keys apart; says nothing about the key. */
  keyFingerprint(): string;
  /** One part of `rekeyTogether`. The caller has put `nextKey` into the key file first. */
  rekeying(nextKey: Uint8Array): RekeyPart;
  recovery(): RecoveryInfo | null;
  /** Throws `conflict` if there is one and `replace` is not set. */
  setRecovery(recipient: string, options: { replace: boolean }): RecoveryInfo;
  backup(): Promise<Uint8Array>;
  restore(file: Uint8Array, key: Secret): Promise<RestoreResult>;
  close(): void;
}

export interface OpenVaultInput {
  file: string;
  keyFile: string;
  clock?: Clock;
  ids?: Ids;
}

/**
 * Opens (or makes) the vault, for this process alone; a rekey that broke off is settled first. Throws `forbidden` for a
 * wrong key or one that others can read, `unavailable` if the key file cannot be read, `conflict` if it is open elsewhere.
 */
export function openVault({ file, keyFile, clock = systemClock, ids = createIds(clock) }: OpenVaultInput): Vault {
  let key: Uint8Array = settleRekey({ keyFile, files: [{ file, purpose: vaultFilePurpose }] });
  let valueKey = deriveKey(key, "vault values");
  const db = openEncryptedDatabase(file, deriveKey(key, vaultFilePurpose));
  try {
    migrateVault(db);
  } catch (error) {
    db.close();
    throw error;
  }
  const audit = createAuditChain(db, clock);
  const ctx: VaultContext = {
    db,
    audit,
    clock,
    ids,
    seal: (value, id, version) => seal(value, valueKey, placeOf(id, version)),
    open: ({ id, version, sealed }) => unseal(sealed, valueKey, placeOf(id, version)),
  };
  const { inTransaction } = db;

  return {
    set: (entry) => inTransaction(() => storeSecret(ctx, entry)),
    rotate: (name, value) => inTransaction(() => rotateSecret(ctx, name, value)),
    bind: (name, bindings) => inTransaction(() => bindSecret(ctx, name, bindings)),
    import: (entries) =>
      inTransaction(() => {
        for (const entry of entries) storeSecret(ctx, entry);
      }),
    find: (name) => {
      const row = findRow(ctx, name);
      return row ? infoOf(row) : null;
    },
    list: () => allRows(ctx).map(infoOf),
    get: (name, purpose) => revealSecret(ctx, name, purpose),
    handOver: (purpose) => handOverSecrets(ctx, purpose),
    remove: (name) => inTransaction(() => removeSecret(ctx, name)),
    audit: () => audit.list(),
    auditHead: () => audit.head(),
    holdsHead: audit.holds,
    verify: (noted = []) => verifyVault(ctx, noted),
    keyFingerprint: () => fingerprintOf(key),
    rekeying(nextKey) {
      const nextValueKey = deriveKey(nextKey, "vault values");
      const part = rekeyVaultFile(ctx, { nextKey, nextValueKey });
      return {
        ...part,
        commit(): void {
          part.commit();
          key = nextKey;
          valueKey = nextValueKey;
        },
      };
    },
    recovery: () => findRecovery(ctx),
    setRecovery: (recipient, options) =>
      inTransaction(() => setRecovery(ctx, parseOrFail(RecoveryRecipient, recipient, "recovery key"), options)),
    backup: () => sealBackup(ctx),
    restore: (backup, recoveryKey) => restoreBackup(ctx, backup, recoveryKey),
    close: () => db.close(),
  };
}
