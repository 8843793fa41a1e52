import { z } from "zod";
import { HostRule } from "./egress.ts";
import { AgentName, TenantId, Timestamp } from "./primitives.ts";

/** Classes of an act, mildest first; `docs/threat-model.md` explains each. */
export const ActClass = z.enum(["green", "yellow", "yellow_external", "red", "critical_red"]);
export type ActClass = z.infer<typeof ActClass>;

/** Autonomy tier of an agent: 1 asks most, 3 needs recorded consent. */
export const AutonomyTier = z.union([z.literal(1), z.literal(2), z.literal(3)]);
export type AutonomyTier = z.infer<typeof AutonomyTier>;

/** Who or what started the turn in which a tool is called. */
export const CallOrigin = z.enum(["person", "cron", "heartbeat", "sub_agent", "channel", "probe", "unknown"]);
export type CallOrigin = z.infer<typeof CallOrigin>;

/** Tools that Berth gives to an agent; nothing else that acts is reachable. */
export const BerthTool = z.enum(["run_command", "file", "http_request", "send_message", "schedule", "delegate"]);
export type BerthTool = z.infer<typeof BerthTool>;

export const AgentPolicy = z.object({
  tier: AutonomyTier,
  /** Tools this agent may call; what is not listed is refused and hidden from the model. */
  tools: z.array(BerthTool),
  /** Channels unlocked by the customer for external messages; no tier unlocks one. */
  unlockedChannels: z.array(z.string()),
});
export type AgentPolicy = z.infer<typeof AgentPolicy>;

/** The Hub's rules for one tenant; travels as a JWS of type `berth-policy+jws`. `version` only goes up. */
export const PolicyBundle = z.object({
  tenantId: TenantId,
  version: z.int().positive(),
  issuedAt: Timestamp,
  agents: z.record(AgentName, AgentPolicy),
  egress: z.object({
    /** Hosts that `http_request` may reach through the proxy. */
    allowHosts: z.array(HostRule).max(1000),
    /** Hosts that the gateway may reach through the proxy, for channels that speak to their provider themselves. */
    gatewayHosts: z.array(HostRule).max(1000).default([]),
  }),
  /** Tokens of all kinds that the proxy lets through per calendar month (UTC); null is without limit. */
  budget: z.object({ tokensPerMonth: z.int().nonnegative().nullable() }),
  approvals: z.object({ expiresAfterMs: z.int().positive(), maxOpenPerSession: z.int().positive() }),
  /** True switches every tool off, whatever else is said. */
  toolsOff: z.boolean(),
});
export type PolicyBundle = z.infer<typeof PolicyBundle>;
