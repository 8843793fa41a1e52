/** What a tenant's VPS and the Hub say to each other over HTTPS. Facts go up; no schema here can hold a secret's value. */
import { z } from "zod";
import { ApprovalRequest, ExecutionState } from "./approval.ts";
import { EgressReport } from "./egress.ts";
import { AgentName, ApprovalId, TenantId, Timestamp } from "./primitives.ts";
import { ComponentVersions, DiskState, GateState, Isolation } from "./tenant.ts";
import { UsageBucket } from "./usage.ts";

/** Base64url of a raw 32-byte Ed25519 public key. */
export const Ed25519PublicKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const EnrolInput = z.object({
  token: z.string().min(20).max(200),
  /** The tenant this server was built for; a token of another one is refused. */
  tenantId: TenantId.optional(),
  publicKey: Ed25519PublicKey,
  versions: ComponentVersions,
  isolation: Isolation,
});
export type EnrolInput = z.infer<typeof EnrolInput>;

export const HubKey = z.object({ kid: z.string(), publicKey: Ed25519PublicKey });
export type HubKey = z.infer<typeof HubKey>;

export const EnrolResult = z.object({
  tenantId: TenantId,
  /** `keyid` of every later signed request. */
  keyId: z.string(),
  hubKeys: z.array(HubKey).min(1),
  heartbeatIntervalMs: z.int().positive(),
});
export type EnrolResult = z.infer<typeof EnrolResult>;

export const HeartbeatInput = z.object({
  sentAt: Timestamp,
  bootId: z.string().max(100),
  versions: ComponentVersions,
  load: z.object({ load1: z.number(), memoryUsedMb: z.number(), memoryTotalMb: z.number(), diskFreeMb: z.number() }),
  gate: GateState,
  policyVersion: z.int().nonnegative(),
  /** Why the last policy bundle was refused and an older one is in force; null or absent when none was. */
  policyProblem: z.string().max(500).nullable().optional(),
  budget: z.object({ tokensUsedThisMonth: z.int().nonnegative(), tokensPerMonth: z.int().nonnegative().nullable() }),
  openApprovals: z.int().nonnegative(),
  /** What the egress proxy refused; absent from older agents, null while the proxy does not answer. */
  egress: EgressReport.nullable().optional(),
  disk: DiskState.optional(),
});
export type HeartbeatInput = z.infer<typeof HeartbeatInput>;

export const HeartbeatResult = z.object({
  serverTime: Timestamp,
  heartbeatIntervalMs: z.int().positive(),
  /** Highest sequence number of a command that waits for this tenant. */
  lastCommandSeq: z.int().nonnegative(),
});
export type HeartbeatResult = z.infer<typeof HeartbeatResult>;

export const ReportUsageInput = z.object({ buckets: z.array(UsageBucket).max(1000) });
export type ReportUsageInput = z.infer<typeof ReportUsageInput>;

export const ReportApprovalInput = ApprovalRequest;
export type ReportApprovalInput = z.infer<typeof ReportApprovalInput>;

/** How an approval ended on the VPS: it ran, or the VPS closed it itself. */
export const ReportApprovalOutcomeInput = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("executed"), execution: ExecutionState, executedAt: Timestamp }),
  z.object({ kind: z.literal("closed"), state: z.enum(["expired", "superseded", "cancelled"]), closedAt: Timestamp }),
]);
export type ReportApprovalOutcomeInput = z.infer<typeof ReportApprovalOutcomeInput>;

/** Commands the Hub gives to a tenant, each a compact JWS (EdDSA); `seq` only goes up per tenant. */
export const CommandKind = z.enum(["policy.update", "approval.decision", "secret.keep", "secret.dismiss"]);
export type CommandKind = z.infer<typeof CommandKind>;
export const TenantCommand = z.object({ seq: z.int().positive(), kind: CommandKind, jws: z.string().max(65536) });
export type TenantCommand = z.infer<typeof TenantCommand>;

/** JWS `typ` header of each command kind, so that one signed object cannot pass for another. */
export const commandJwsType: Record<CommandKind, string> = {
  "policy.update": "berth-policy+jws",
  "approval.decision": "berth-decision+jws",
  "secret.keep": "berth-secret-keep+jws",
  "secret.dismiss": "berth-secret-dismiss+jws",
};

export const ListCommandsResult = z.object({ commands: z.array(TenantCommand) });
export type ListCommandsResult = z.infer<typeof ListCommandsResult>;
export const AcknowledgeCommandsInput = z.object({ upToSeq: z.int().nonnegative() });
export type AcknowledgeCommandsInput = z.infer<typeof AcknowledgeCommandsInput>;

export const AgentSession = z.object({ agent: AgentName, sessionKey: z.string() });
export const ApprovalRef = z.object({ approvalId: ApprovalId });
