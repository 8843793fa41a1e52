import type { AgentPolicy, PolicyBundle } from "@berth/contracts";

/** The policy's rules for an agent; null for one that it does not name (`constructor` is no agent). */
export const rulesOf = (bundle: PolicyBundle | null, agent: string): AgentPolicy | null =>
  bundle !== null && Object.hasOwn(bundle.agents, agent) ? (bundle.agents[agent] ?? null) : null;

/** True if the first agent may do anything unasked that the second may not. */
export const mayDoMore = (one: AgentPolicy, than: AgentPolicy): boolean =>
  one.tier > than.tier ||
  one.tools.some((tool) => !than.tools.includes(tool)) ||
  one.unlockedChannels.some((channel) => !than.unlockedChannels.includes(channel));
