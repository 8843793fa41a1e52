import { appErrorOf } from "@berth/platform";
import type { AuditHead } from "./audit-chain.ts";
import { allRows, formerRows, type VaultContext } from "./secret-rows.ts";

/** What `verify` found. All is well if `auditBrokenAt` is null, `damaged` and `lostHead` are false and `unopened` is empty. */
export interface VaultReport {
  /** The first audit row that was changed, removed, moved or put in. */
  auditBrokenAt: number | null;
  /** A head that was noted earlier is not in the chain: it was cut, or the file is an older one. */
  lostHead: boolean;
  /** Secrets whose sealed value, or a former one, does not open. */
  unopened: string[];
  /** A page of the file does not carry its own checksum, or the tables do not fit together. */
  damaged: boolean;
  head: AuditHead;
  secrets: number;
}

/** Reads the whole file. `noted`: heads that somebody wrote down earlier. No value is handed out. */
export function verifyVault(ctx: VaultContext, noted: AuditHead[]): VaultReport {
  // In a damaged file the other answers are worth nothing.
  if (!isWhole(ctx)) {
    const head = { seq: 0, hash: "0".repeat(64) };
    return { auditBrokenAt: null, lostHead: false, unopened: [], damaged: true, head, secrets: 0 };
  }
  const rows = allRows(ctx);
  const nameOf = new Map(rows.map(({ id, name }) => [id, name]));
  const sealed = [
    ...rows,
    ...formerRows(ctx).map((row) => ({ ...row, id: row.secret_id, name: nameOf.get(row.secret_id) ?? row.secret_id })),
  ];
  const unopened = sealed.filter((row) => !opens(() => ctx.open(row))).map(({ name }) => name);
  return {
    auditBrokenAt: ctx.audit.findBreak(),
    lostHead: !noted.every(ctx.audit.holds),
    unopened: [...new Set(unopened)],
    damaged: false,
    head: ctx.audit.head(),
    secrets: rows.length,
  };
}

function opens(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

/** Every page that is in use is read, and with it its HMAC. */
function isWhole({ db }: VaultContext): boolean {
  try {
    return db.pragma("integrity_check") === "ok";
  } catch (error) {
    if (appErrorOf(error).code === "unavailable") throw error;
    return false;
  }
}
