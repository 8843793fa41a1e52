/** Files that provisioning writes and the processes on a VPS read at start. No secret is in them, only paths to one. */
import { z } from "zod";
import { LlmApi } from "./gate-api.ts";
import { HttpMethod, SecretName, TenantId } from "./primitives.ts";
import { Isolation } from "./tenant.ts";
import { HubKey } from "./tenant-api.ts";

/** How commands of the agent are run: by a socket-activated unit with its own uid, or (mode `process`) as a child. */
export const CommandRunner = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("socket"), path: z.string() }),
  z.object({ kind: z.literal("spawn"), argv: z.array(z.string()).min(1) }),
]);
export type CommandRunner = z.infer<typeof CommandRunner>;

/** `/etc/berth/agent.json` */
export const AgentConfig = z.object({
  tenantId: TenantId,
  isolation: Isolation,
  hubUrl: z.url(),
  /** WebSocket address of `services/realtime`, without the path. */
  realtimeUrl: z.url(),
  hubKeys: z.array(HubKey).min(1),
  stateDir: z.string(),
  workspaceDir: z.string(),
  vaultKeyFile: z.string(),
  gatewayTokenFile: z.string(),
  /** One-time files; the agent wipes each after use. */
  enrolmentTokenFile: z.string(),
  vaultSeedFile: z.string(),
  /** A policy bundle (compact JWS) left by provisioning, so that tools are judged before the first command arrives. */
  policyFile: z.string().optional(),
  sockets: z.object({ wrapper: z.string(), egress: z.string(), admin: z.string(), proxyControl: z.string() }),
  gatewayUrl: z.url(),
  forwardProxyUrl: z.url(),
  commandRunner: CommandRunner,
  /** Provider addresses and the vault's names of their keys; the agent hands both to the proxy. */
  llm: z.partialRecord(LlmApi, z.object({ baseUrl: z.url(), keySecret: z.string() })),
});
export type AgentConfig = z.infer<typeof AgentConfig>;

/** `/etc/berth/egress.json` */
export const EgressConfig = z.object({
  stateDir: z.string(),
  agentSocket: z.string(),
  controlSocket: z.string(),
  /** Loopback ports: LLM traffic with the wrapper's presence, the executor's door out, and the one of the gateway's channels. */
  llmPort: z.int(),
  forwardPort: z.int(),
  channelPort: z.int(),
});
export type EgressConfig = z.infer<typeof EgressConfig>;

/** `plugins.entries.safety-wrapper.config` in `openclaw.json`. */
export const WrapperConfig = z.object({ agentSocket: z.string(), proxyUrl: z.url() });
export type WrapperConfig = z.infer<typeof WrapperConfig>;

/**
 * Where a secret's value may be used: by these tools, and by HTTP requests to these hosts (`host` or `*.domain`) with
 * these methods. An empty list means nowhere; without `methods`, as before there were any, every method.
 */
export const SecretBindings = z.object({
  tools: z.array(z.string()),
  hosts: z.array(z.string()),
  methods: z.array(HttpMethod).default([...HttpMethod.options]),
});
export type SecretBindings = z.infer<typeof SecretBindings>;

/** One secret of the one-time seed file. */
export const VaultSeedEntry = z.object({
  name: SecretName,
  value: z.string(),
  owner: z.enum(["customer", "generated", "operator"]),
  bindings: SecretBindings,
});
export type VaultSeedEntry = z.infer<typeof VaultSeedEntry>;
export const VaultSeed = z.object({ secrets: z.array(VaultSeedEntry) });
export type VaultSeed = z.infer<typeof VaultSeed>;
