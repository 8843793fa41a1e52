export type { AuditEntry } from "./audit-chain.ts";
export { type EncryptedDatabase, openEncryptedDatabase } from "./encrypted-database.ts";
export { type OpenVaultInput, openVault, type SecretInfo, type Vault } from "./open-vault.ts";
export { deriveKey, generateVaultKey, readVaultKey } from "./vault-key.ts";
