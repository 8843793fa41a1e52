import { fail, isoOf, reveal, type Secret, secretOf } from "@berth/platform";
import { Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { z } from "zod";
import type { VaultContext } from "./secret-rows.ts";

/** The public half of a recovery key: an age X25519 recipient (C2SP age.md), which only seals. */
export const RecoveryRecipient = z.string().regex(/^age1[02-9ac-hj-np-z]{58}$/, "is no public recovery key (age1…)");

/** The half that opens is the customer's: it is shown once and kept nowhere. */
export interface RecoveryKeyPair {
  privateKey: Secret;
  recipient: string;
}

export async function makeRecoveryKey(): Promise<RecoveryKeyPair> {
  const identity = await generateX25519Identity();
  return { privateKey: secretOf(identity), recipient: await identityToRecipient(identity) };
}

/** As a person typed or pasted it. Throws `invalid_input`, without a word of what was typed. */
export function parseRecoveryKey(text: string): Secret {
  const typed = text.replace(/\s+/g, "").toUpperCase();
  if (!/^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/.test(typed)) {
    fail("invalid_input", "That is not a recovery key. It starts with AGE-SECRET-KEY-1 and has 74 characters.");
  }
  return secretOf(typed);
}

/** The public half that belongs to it. Throws `invalid_input` where a character is mistyped: the text has a checksum. */
export async function recipientOf(privateKey: Secret): Promise<string> {
  try {
    return await identityToRecipient(reveal(privateKey));
  } catch {
    return fail("invalid_input", "The recovery key has a typing mistake: its checksum does not fit.");
  }
}

export interface RecoveryInfo {
  recipient: string;
  setAt: string;
}

const RecoveryRow = z.object({ recipient: RecoveryRecipient, set_at: z.int() });

export function findRecovery({ db }: Pick<VaultContext, "db">): RecoveryInfo | null {
  const row = RecoveryRow.optional().parse(
    db.prepare("SELECT recipient, set_at FROM recovery_key WHERE only = 1").get(),
  );
  return row ? { recipient: row.recipient, setAt: isoOf(row.set_at) } : null;
}

/** Throws `invalid_input` for a text whose checksum does not fit: nothing could ever open what is sealed for it. */
function assertSealable(recipient: string): void {
  try {
    new Encrypter().addRecipient(recipient);
  } catch {
    fail("invalid_input", "The public recovery key has a typing mistake: its checksum does not fit.");
  }
}

/** Set once; another one takes its place only where `replace` says so. Inside a transaction. */
export function setRecovery(ctx: VaultContext, recipient: string, { replace }: { replace: boolean }): RecoveryInfo {
  assertSealable(recipient);
  const before = findRecovery(ctx);
  if (before && !replace) {
    fail(
      "conflict",
      `This vault has a recovery key since ${before.setAt}. Backups made from now on would need another one; if that is what you want, say --replace.`,
    );
  }
  ctx.db.prepare("INSERT OR REPLACE INTO recovery_key VALUES (1, ?, ?)").run(recipient, ctx.clock.now());
  const purpose = before ? `${recipient}, in place of ${before.recipient}` : recipient;
  ctx.audit.append({ action: "recovery_key", name: "*", version: 0, purpose });
  return { recipient, setAt: isoOf(ctx.clock.now()) };
}
