import { SecretBindings, SecretName, VaultSeedEntry } from "@berth/contracts";
import { fail, isoOf, reveal, type Secret } from "@berth/platform";
import { Decrypter, Encrypter } from "age-encryption";
import { z } from "zod";
import { AuditHead } from "./audit-chain.ts";
import { findRecovery, recipientOf, setRecovery } from "./recovery-key.ts";
import { noted } from "./reveal-secret.ts";
import { allRows, bindingsOf, findRow, formerRows, textsOf, type VaultContext } from "./secret-rows.ts";

/** Times are epoch milliseconds. */
const BackupSecret = z.strictObject({
  name: SecretName,
  version: z.int().positive(),
  owner: VaultSeedEntry.shape.owner,
  bindings: SecretBindings,
  createdAt: z.int(),
  rotatedAt: z.int().nullable(),
  lastUsedAt: z.int().nullable(),
  value: z.string(),
  former: z.array(z.strictObject({ version: z.int().positive(), value: z.string() })),
});
const BackupContent = z.strictObject({
  format: z.literal("berth-vault-backup"),
  formatVersion: z.literal(1),
  madeAt: z.iso.datetime(),
  /** Of the vault it was made from, with the row of this backup as the newest. */
  auditHead: AuditHead,
  secrets: z.array(BackupSecret),
});
type BackupContent = z.infer<typeof BackupContent>;

/**
 * The whole vault as an age file (age-encryption.org/v1) that opens with the customer's recovery key and with nothing else;
 * the standard `age` tool reads it too. Noted in the audit before a value is opened. Throws `conflict` without a recovery
 * key.
 */
export async function sealBackup(ctx: VaultContext): Promise<Uint8Array> {
  const found = noted(ctx, () => {
    const recovery = findRecovery(ctx);
    if (!recovery) {
      return fail("conflict", "This vault has no recovery key. Make one first: berth-vault recovery-key new");
    }
    const rows = allRows(ctx);
    const purpose = `sealed for ${recovery.recipient}`;
    ctx.audit.append({ action: "backup", name: "*", version: rows.length, purpose });
    return { recovery, rows, former: formerRows(ctx), auditHead: ctx.audit.head() };
  });
  const content: BackupContent = {
    format: "berth-vault-backup",
    formatVersion: 1,
    madeAt: isoOf(ctx.clock.now()),
    auditHead: found.auditHead,
    secrets: found.rows.map((row) => ({
      name: row.name,
      version: row.version,
      owner: row.owner,
      bindings: bindingsOf(row),
      createdAt: row.created_at,
      rotatedAt: row.rotated_at,
      lastUsedAt: row.last_used_at,
      value: ctx.open(row),
      former: found.former
        .filter((former) => former.secret_id === row.id)
        .map((former) => ({ version: former.version, value: ctx.open({ ...former, id: row.id }) })),
    })),
  };
  const encrypter = new Encrypter();
  encrypter.addRecipient(found.recovery.recipient);
  return encrypter.encrypt(JSON.stringify(content));
}

export interface RestoreResult {
  madeAt: string;
  restored: number;
  /** Names of operator's secrets that this server has already; its own were kept. */
  kept: string[];
}

/**
 * Fills an empty vault from a backup: names, values, former values, bindings and times; the audit goes on from here and
 * names the head of the old one. Empty: nothing of the customer's is in it. Throws `conflict` if it is not empty,
 * `invalid_input` with the reason for another key and for a file that was changed, cut, or is no backup.
 */
export async function restoreBackup(ctx: VaultContext, file: Uint8Array, key: Secret): Promise<RestoreResult> {
  const recipient = await recipientOf(key);
  const content = await openBackup(file, key);
  return ctx.db.inTransaction(() => {
    if (allRows(ctx).some(({ owner }) => owner !== "operator")) {
      fail("conflict", "This vault is not empty. A backup is restored into a new server's vault only.");
    }
    const kept = content.secrets.filter(({ name }) => findRow(ctx, name)).map(({ name }) => name);
    const wanted = content.secrets.filter(({ name }) => !kept.includes(name));
    for (const secret of wanted) putBack(ctx, secret);
    const { seq, hash } = content.auditHead;
    const purpose = `backup of ${content.madeAt}, audit head ${seq}:${hash}`;
    ctx.audit.append({ action: "restore", name: "*", version: wanted.length, purpose });
    if (!findRecovery(ctx)) setRecovery(ctx, recipient, { replace: false });
    return { madeAt: content.madeAt, restored: wanted.length, kept };
  });
}

function putBack(ctx: VaultContext, secret: z.infer<typeof BackupSecret>): void {
  const id = ctx.ids.next("sec");
  ctx.db
    .prepare(
      `INSERT INTO secrets (id, name, version, sealed, owner, tools, hosts, methods, created_at, rotated_at, last_used_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      id,
      secret.name,
      secret.version,
      ctx.seal(secret.value, id, secret.version),
      secret.owner,
      ...textsOf(secret.bindings),
      secret.createdAt,
      secret.rotatedAt,
      secret.lastUsedAt,
    );
  for (const { version, value } of secret.former)
    ctx.db.prepare("INSERT INTO former_values VALUES (?, ?, ?)").run(id, version, ctx.seal(value, id, version));
}

async function openBackup(file: Uint8Array, key: Secret): Promise<BackupContent> {
  if (!Buffer.from(file.subarray(0, 21)).equals(Buffer.from("age-encryption.org/v1"))) {
    fail("invalid_input", "This file is no backup of a vault, or its beginning was changed.");
  }
  const decrypter = new Decrypter();
  decrypter.addIdentity(reveal(key));
  let text: string;
  try {
    text = await decrypter.decrypt(file, "text");
  } catch (cause) {
    // The library's own words, which a test holds it to.
    const noMatch = cause instanceof Error && cause.message.startsWith("no identity matched");
    return fail(
      "invalid_input",
      noMatch
        ? "The backup does not open with this recovery key: it was sealed for another one. Nothing else opens it."
        : "The backup was changed or cut short since it was made. Use another copy of it.",
      { cause },
    );
  }
  return contentOf(text);
}

function contentOf(text: string): BackupContent {
  try {
    return BackupContent.parse(JSON.parse(text));
  } catch {
    // A parser's own message quotes the text, which holds secrets.
    return fail("invalid_input", "The file opens, but holds no backup that this version of Berth understands.");
  }
}
