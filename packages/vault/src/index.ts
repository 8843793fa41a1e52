export { type AuditEntry, AuditHead } from "./audit-chain.ts";
export type { RestoreResult } from "./backup.ts";
export { deriveKey, fingerprintOf } from "./derive-key.ts";
export { type EncryptedDatabase, openEncryptedDatabase } from "./encrypted-database.ts";
export { createKeyFile, generateVaultKey, readVaultKeys, settleKeyFile, stageNextKey } from "./key-file.ts";
export { type OpenVaultInput, openVault, type Vault } from "./open-vault.ts";
export {
  makeRecoveryKey,
  parseRecoveryKey,
  type RecoveryInfo,
  type RecoveryKeyPair,
  RecoveryRecipient,
  recipientOf,
} from "./recovery-key.ts";
export { recoveryConsequences } from "./recovery-text.ts";
export type { SecretInfo } from "./secret-rows.ts";
export { type KeyedFile, type RekeyPart, rekeyTogether, settleRekey, vaultFilePurpose } from "./settle-rekey.ts";
export type { VaultReport } from "./verify-vault.ts";
