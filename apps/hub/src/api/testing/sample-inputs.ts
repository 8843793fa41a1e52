import type {
  ApprovalId,
  EnrolInput,
  FoundSecretId,
  HeartbeatInput,
  ReportApprovalInput,
  ReportFoundSecretInput,
} from "@berth/contracts";
import { argumentsSha256, isoOf } from "@berth/platform";

const versions = { agent: "1", egressProxy: "1", safetyWrapper: "1", openclaw: "2026.9.6", node: "24" };

export const sampleEnrolment = (token: string, publicKey: string): EnrolInput => ({
  token,
  publicKey,
  versions,
  isolation: "machine",
});

export const sampleHeartbeat = (now: number): HeartbeatInput => ({
  sentAt: isoOf(now),
  bootId: "boot",
  versions,
  load: { load1: 0, memoryUsedMb: 1, memoryTotalMb: 2, diskFreeMb: 3 },
  gate: { verified: true, reason: null, testedAt: isoOf(now) },
  policyVersion: 1,
  budget: { tokensUsedThisMonth: 0, tokensPerMonth: null },
  openApprovals: 0,
});

export function sampleApproval(id: ApprovalId, now: number): ReportApprovalInput {
  const args = { command: "rm -r build" };
  return {
    id,
    agent: "main",
    sessionKey: "agent:main:main",
    tool: "run_command",
    argumentsRedacted: args,
    argumentsSha256: argumentsSha256(args),
    actClass: "red",
    rules: ["command.delete"],
    reason: "deletes files",
    blastRadius: "the folder build",
    reversible: false,
    secretNames: [],
    createdAt: isoOf(now),
    expiresAt: isoOf(now + 3_600_000),
  };
}

export const sampleFoundSecret = (id: FoundSecretId, now: number): ReportFoundSecretInput => ({
  id,
  rule: "github-token",
  vendor: "GitHub",
  what: "personal access token",
  seenIn: { kind: "tool", tool: "file" },
  agent: "main",
  sessionKey: "agent:main:main",
  length: 40,
  suggestedName: "github_token",
  foundAt: isoOf(now),
  expiresAt: isoOf(now + 3_600_000),
});

export const sampleBucket = (now: number, tokens = 5) => ({
  hour: isoOf(Math.floor(now / 3_600_000) * 3_600_000),
  agent: "main",
  provider: "anthropic",
  model: "claude",
  kind: "input" as const,
  tokens,
});
