import { type HubKey, PolicyBundle } from "@berth/contracts";
import { type AppError, appErrorOf, fail, parseOrFail, verifyJws } from "@berth/platform";
import type { Ledger } from "../ledger/open-ledger.ts";

const setting = "policy";

export interface PolicyStore {
  /** The last good bundle; null while none was ever accepted. */
  current(): PolicyBundle | null;
  /** Why the last bundle was refused; null if the last one was accepted. */
  problem(): string | null;
  /** Verifies a bundle and puts it in force. Throws and keeps the last good one if it is not ours, not signed, or not newer. */
  accept(jws: string): Promise<PolicyBundle>;
}

export interface PolicyStoreInput {
  ledger: Ledger;
  tenantId: string;
  hubKeys: () => HubKey[];
  onChange: () => void;
}

export function createPolicyStore({ ledger, tenantId, hubKeys, onChange }: PolicyStoreInput): PolicyStore {
  const stored = ledger.readSetting(setting);
  let bundle = stored === null ? null : PolicyBundle.parse(JSON.parse(stored));
  let problem: string | null = null;

  async function verify(jws: string): Promise<PolicyBundle> {
    const payload = await verifyJws({ jws, typ: "berth-policy+jws", keys: hubKeys() });
    const next = parseOrFail(PolicyBundle, payload, "policy bundle");
    if (next.tenantId !== tenantId) fail("forbidden", "The policy bundle is for another tenant.");
    if (bundle && next.version <= bundle.version) {
      fail("conflict", `The policy bundle is version ${next.version}; version ${bundle.version} is in force.`);
    }
    return next;
  }

  return {
    current: () => bundle,
    problem: () => problem,
    async accept(jws) {
      try {
        const next = await verify(jws);
        ledger.writeSetting(setting, JSON.stringify(next));
        bundle = next;
        problem = null;
      } catch (thrown) {
        const error: AppError = appErrorOf(thrown);
        problem = error.publicMessage.slice(0, 500);
        throw error;
      }
      onChange();
      return bundle;
    },
  };
}
