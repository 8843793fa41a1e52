import { type AgentPolicy, BerthTool, type PlanId, type PolicyBundle } from "@berth/contracts";

type Rules = Omit<PolicyBundle, "tenantId" | "version" | "issuedAt">;

const hourMs = 3_600_000;

const mainAgent: AgentPolicy = { tier: 2, tools: [...BerthTool.options], unlockedChannels: [] };

const careful: Rules = {
  agents: { main: mainAgent },
  egress: { allowHosts: [], gatewayHosts: [] },
  budget: { tokensPerMonth: null },
  approvals: { expiresAfterMs: 24 * hourMs, maxOpenPerSession: 10 },
  toolsOff: false,
};

/** The rules that a tenant starts with. */
export const defaultRules: Record<PlanId, Rules> = { starter: careful, team: careful };
