import { reveal } from "@berth/platform";
import { type Host, type HostFile, holds } from "../host.ts";
import type { HostInputs } from "../host-inputs.ts";
import type { HostLayout } from "../host-layout.ts";
import { filesInPlace, type HostStep } from "../host-step.ts";
import { vaultSeedText } from "../vault-seed.ts";

// Writable for its owner: the agent overwrites a one-time file before it removes it.
const placement = { mode: "0600", owner: "berth-agent:berth-agent" } as const;

/** The agent has used a one-time file when the file is gone and what it makes from it is there. */
const used = (host: Host, oneTimeFile: string, madeFromIt: string) =>
  holds(host, '[ ! -e "$1" ] && [ -s "$2" ]', oneTimeFile, madeFromIt);

/** Enrolment token and vault seed. What was used is not sent again; what still lies there is replaced by the newest. */
export function oneTimeFilesStep(inputs: HostInputs, layout: HostLayout): HostStep {
  const token: HostFile = { ...placement, path: layout.enrolmentTokenFile, content: reveal(inputs.enrolmentToken) };
  const seed: HostFile = { ...placement, path: layout.vaultSeedFile, content: vaultSeedText(inputs) };
  const wanted = async (host: Host): Promise<HostFile[]> => [
    ...((await used(host, token.path, `${layout.agentStateDir}/identity.key`)) ? [] : [token]),
    ...((await used(host, seed.path, `${layout.agentStateDir}/vault.db`)) ? [] : [seed]),
  ];
  return {
    name: "one-time files",
    done: async (host) => filesInPlace(host, await wanted(host)),
    apply: async (host) => host.putFiles(await wanted(host)),
  };
}
