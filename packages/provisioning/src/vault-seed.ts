import type { VaultSeed } from "@berth/contracts";
import type { HostInputs } from "./host-inputs.ts";

/** Text of the one-time seed file. It holds values: it travels by stdin and is wiped by the agent. */
export function vaultSeedText(inputs: HostInputs): string {
  const seed: VaultSeed = { secrets: inputs.vaultSeed ?? [] };
  return JSON.stringify(seed);
}
