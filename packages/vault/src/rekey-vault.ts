import { seal } from "@berth/platform";
import { z } from "zod";
import { createAuditChain } from "./audit-chain.ts";
import { deriveKey, fingerprintOf } from "./derive-key.ts";
import { formerRows, placeOf, SecretRow, type VaultContext } from "./secret-rows.ts";
import { type RekeyPart, vaultFilePurpose } from "./settle-rekey.ts";

/** The vault file under a new file key, with every value, former ones too, sealed anew, and an audit row that says so. */
export function rekeyVaultFile(
  ctx: VaultContext,
  { nextKey, nextValueKey }: { nextKey: Uint8Array; nextValueKey: Uint8Array },
): RekeyPart {
  return ctx.db.rekeying(deriveKey(nextKey, vaultFilePurpose), (copy) => {
    const reseal = (row: Pick<SecretRow, "id" | "version" | "sealed">) =>
      seal(ctx.open(row), nextValueKey, placeOf(row.id, row.version));
    const rows = z.array(SecretRow).parse(copy.prepare("SELECT * FROM secrets").all());
    for (const row of rows) copy.prepare("UPDATE secrets SET sealed = ? WHERE id = ?").run(reseal(row), row.id);
    for (const row of formerRows({ db: copy }))
      copy
        .prepare("UPDATE former_values SET sealed = ? WHERE secret_id = ? AND version = ?")
        .run(reseal({ ...row, id: row.secret_id }), row.secret_id, row.version);
    createAuditChain(copy, ctx.clock).append({
      action: "rekey",
      name: "*",
      version: rows.length,
      purpose: `to the key ${fingerprintOf(nextKey)}`,
    });
  });
}
