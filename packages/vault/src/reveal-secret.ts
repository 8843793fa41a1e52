import { AppError, appErrorOf, type Secret, secretOf } from "@berth/platform";
import { z } from "zod";
import { rowOf, SecretRow, type VaultContext } from "./secret-rows.ts";

/** The audit row is on the disk before the value is opened: what cannot be noted is not handed out. */
export function revealSecret(ctx: VaultContext, name: string, purpose: string): Secret {
  const row = noted(ctx, () => {
    const found = rowOf(ctx, name);
    ctx.db.prepare("UPDATE secrets SET last_used_at = ? WHERE id = ?").run(ctx.clock.now(), found.id);
    ctx.audit.append({ action: "reveal", name, version: found.version, purpose });
    return found;
  });
  return secretOf(ctx.open(row));
}

const HandedRow = SecretRow.pick({ id: true, name: true, version: true, sealed: true });
const everyValue = `
  SELECT id, name, version, sealed FROM secrets UNION ALL
  SELECT s.id, s.name, f.version, f.sealed FROM former_values f JOIN secrets s ON s.id = f.secret_id`;

/** Every value, former ones too, under one audit row that is written first. */
export function handOverSecrets(ctx: VaultContext, purpose: string): { name: string; value: Secret }[] {
  const rows = noted(ctx, () => {
    const found = z.array(HandedRow).parse(ctx.db.prepare(everyValue).all());
    ctx.audit.append({ action: "hand_over", name: "*", version: found.length, purpose });
    return found;
  });
  return rows.map((row) => ({ name: row.name, value: secretOf(ctx.open(row)) }));
}

export function noted<T>(ctx: VaultContext, work: () => T): T {
  try {
    return ctx.db.inTransaction(work);
  } catch (thrown) {
    const error = appErrorOf(thrown);
    if (error.code !== "unavailable") throw thrown;
    throw new AppError(
      "unavailable",
      `The vault cannot note this use, so no value was opened. ${error.publicMessage}`,
      {
        cause: thrown,
      },
    );
  }
}
