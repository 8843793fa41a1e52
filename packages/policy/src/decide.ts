import type { ActClass, AutonomyTier, PolicyBundle } from "@berth/contracts";
import type { Classification } from "./classify.ts";

export type Decision = "run" | "ask" | "refuse";

/** Class by tier. Yellow+External is not here: the gate for what leaves the server is apart from the tiers. */
const table: Record<Exclude<ActClass, "yellow_external">, Record<AutonomyTier, Decision>> = {
  green: { 1: "run", 2: "run", 3: "run" },
  yellow: { 1: "ask", 2: "run", 3: "run" },
  red: { 1: "ask", 2: "ask", 3: "run" },
  critical_red: { 1: "ask", 2: "ask", 3: "ask" },
};

/**
 * What becomes of a classified call. `channel` names the way out of an external act; without it the channel of
 * `send_message` counts. Only a channel that the customer unlocked for this agent opens the gate, and only at tier 3.
 */
export function decide(input: {
  classification: Classification;
  policy: PolicyBundle;
  agent: string;
  channel?: string;
}): Decision {
  const { classification, policy, agent } = input;
  const rules = Object.hasOwn(policy.agents, agent) ? policy.agents[agent] : undefined;
  if (classification.forbidden || policy.toolsOff || rules === undefined) return "refuse";
  if (!rules.tools.some((tool) => tool === classification.tool)) return "refuse";
  const { actClass } = classification;
  const external = classification.external || actClass === "yellow_external";
  const channel = input.channel ?? classification.channel;
  const unlocked = rules.tier === 3 && channel !== null && rules.unlockedChannels.includes(channel);
  if (external && !unlocked) return "ask";
  return actClass === "yellow_external" ? "run" : table[actClass][rules.tier];
}
