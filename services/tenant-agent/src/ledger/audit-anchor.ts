import type { Logger } from "@berth/platform";
import { AuditHead, type Vault } from "@berth/vault";
import type { Ledger } from "./open-ledger.ts";

const setting = "vault audit head";

/**
 * The newest head of the vault's audit chain, noted in another file: whoever puts an older vault in place, or cuts the
 * chain and its own head alike, is found out. A head that is lost is kept, so that it stays found out.
 */
export function createAuditAnchor(ledger: Ledger, vault: Pick<Vault, "auditHead" | "holdsHead">, log: Logger) {
  const noted = (): AuditHead[] => {
    const text = ledger.readSetting(setting);
    return text === null ? [] : [AuditHead.parse(JSON.parse(text))];
  };
  const note = () => {
    const head = JSON.stringify(vault.auditHead());
    if (ledger.readSetting(setting) !== head) ledger.writeSetting(setting, head);
  };
  return {
    noted,
    /** After a backup was restored: the chain is another one, and the audit says which it goes on from. */
    startAnew: note,
    /** To be called now and then; says in the log what it found. */
    advance(): void {
      const lost = noted().find((head) => !vault.holdsHead(head));
      if (lost) log.error({ seq: lost.seq }, "the vault's audit chain was cut or replaced");
      else note();
    },
  };
}
