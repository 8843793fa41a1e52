import type { ReportSecretNamesInput, SecretBindings, VaultSecretName } from "@berth/contracts";
import { isoOf } from "@berth/platform";
import type { Vault } from "@berth/vault";
import type { AgentDeps } from "../deps.ts";
import type { Ledger } from "../ledger/open-ledger.ts";
import type { Outbox } from "../ledger/outbox.ts";

const setting = "secret-names";
/** The Hub takes bodies up to 1 MB. */
const mostNames = 5000;

/** Without a host or a method there is no request that need not ask. */
const isBound = ({ tools, hosts, methods }: SecretBindings): boolean =>
  tools.some((tool) => tool !== "http_request" || (hosts.length > 0 && methods.length > 0));

/**
 * Tells the Hub which names the vault holds, if they are not the ones that it was told last: at the start and after each
 * change of the vault. No value, nor anything made of one. Answers whether something was put into the outbox.
 */
export function reportSecretNames(input: {
  vault: Pick<Vault, "list">;
  ledger: Ledger;
  outbox: Outbox;
  deps: Pick<AgentDeps, "clock">;
}): boolean {
  const { vault, ledger, outbox, deps } = input;
  const secrets = vault.list().map(({ name, owner, bindings }): VaultSecretName => {
    return { name, owner, bound: isBound(bindings) };
  });
  const text = JSON.stringify(secrets);
  if (ledger.readSetting(setting) === text) return false;
  const report: ReportSecretNamesInput = { secrets: secrets.slice(0, mostNames), at: isoOf(deps.clock.now()) };
  ledger.inTransaction(() => {
    ledger.writeSetting(setting, text);
    outbox.put("hub", "/secret-names", report);
  });
  return true;
}
