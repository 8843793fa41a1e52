import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { AgentConfig } from "@berth/contracts";
import { openVault, rekeyTogether, settleRekey, vaultFilePurpose } from "@berth/vault";
import { createApprovalStore } from "./approvals/approval-store.ts";
import type { AgentDeps } from "./deps.ts";
import { importSeed } from "./identity/import-seed.ts";
import { loadIdentity } from "./identity/load-identity.ts";
import { createAuditAnchor } from "./ledger/audit-anchor.ts";
import { ledgerFilePurpose, openLedger } from "./ledger/open-ledger.ts";
import { createOutbox } from "./ledger/outbox.ts";

/** All that the agent keeps on disk. Throws if the vault or the ledger does not open: without them nothing may run. */
export function openState(
  config: Pick<AgentConfig, "stateDir" | "vaultKeyFile" | "vaultSeedFile">,
  { clock, ids, log }: Pick<AgentDeps, "clock" | "ids" | "log">,
) {
  mkdirSync(config.stateDir, { recursive: true, mode: 0o700 });
  const at = (name: string) => join(config.stateDir, name);
  const keyFile = config.vaultKeyFile;
  // In the order in which a rekey switches them: the vault's file tells whether it took place.
  const files = [
    { file: at("vault.db"), purpose: vaultFilePurpose },
    { file: at("ledger.db"), purpose: ledgerFilePurpose },
  ];
  const key = settleRekey({ keyFile, files });
  const vault = openVault({ file: at("vault.db"), keyFile, clock, ids });
  try {
    const imported = importSeed(config.vaultSeedFile, vault);
    if (imported > 0) log.info({ secrets: imported }, "vault seeded");
  } catch (error) {
    log.error({ err: error }, "the vault seed was not taken");
  }
  const ledger = openLedger({ file: at("ledger.db"), key, clock });
  const auditAnchor = createAuditAnchor(ledger, vault, log);
  auditAnchor.advance();
  return {
    vault,
    ledger,
    identity: loadIdentity(at("identity.key")),
    store: createApprovalStore(ledger),
    outbox: createOutbox(ledger),
    /** Both files under the next vault key, or both as they were. */
    rekey: (nextKey: Uint8Array): void => rekeyTogether([vault.rekeying(nextKey), ledger.rekeying(nextKey)]),
    auditAnchor,
    close(): void {
      auditAnchor.advance();
      ledger.close();
      vault.close();
    },
  };
}
export type AgentState = ReturnType<typeof openState>;
