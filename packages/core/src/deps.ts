import type { KeyObject } from "node:crypto";
import type { Duplex } from "node:stream";
import type { Billing } from "@berth/billing";
import type { HubKey, Isolation, TenantId } from "@berth/contracts";
import type { Mailer } from "@berth/notify";
import type { Secret } from "@berth/platform";

/** Keys that the Hub signs commands, policies and decisions with. `all` are those a VPS shall accept: two while rotating. */
export interface HubKeys {
  current: { kid: string; privateKey: KeyObject };
  all: HubKey[];
}

/** Settings of the Hub that verbs need; parsed from the environment at each process's start. */
export interface HubConfig {
  /** Addresses as people's browsers see them, without a trailing slash. */
  websiteUrl: string;
  hubUrl: string;
  realtimeUrl: string;
  /** The Hub, realtime and the LLM providers as a customer's VPS sees them. */
  tenantHubUrl: string;
  tenantRealtimeUrl: string;
  tenantLlm: { anthropic: string | null; openai: string | null };
  heartbeatIntervalMs: number;
}

/** Everything that verbs reach outside the database. Each process fills in what its verbs need. */
export interface Deps {
  config: HubConfig;
  billing: Billing;
  mailer: Mailer;
  vps: VpsProvider;
  dns: DnsProvider;
  provision: Provisioning;
  hubKeys: HubKeys;
  /** 32 bytes; seals key material in the database. */
  sealKey: Uint8Array;
}

export interface ProviderServer {
  id: string;
  name: string;
  status: "creating" | "running" | "off";
  ipv4: string | null;
  isolation: Isolation;
  access: { kind: "ssh"; openStream(port: number): Promise<Duplex> } | { kind: "process"; rootDir: string };
}

export interface VpsProvider {
  readonly name: string;
  readonly capabilities: { canOrder: boolean; isolation: Isolation };
  createServer(spec: {
    name: string;
    cores: number;
    memoryMb: number;
    diskGb: number;
    userData: string;
    labels: Record<string, string>;
  }): Promise<ProviderServer>;
  getServer(id: string): Promise<ProviderServer | null>;
  findServerByName(name: string): Promise<ProviderServer | null>;
  listServers(): Promise<ProviderServer[]>;
  destroyServer(id: string): Promise<void>;
}

export interface DnsProvider {
  upsertRecord(record: { name: string; ipv4: string }): Promise<void>;
  findRecord(name: string): Promise<{ name: string; ipv4: string } | null>;
  deleteRecord(name: string): Promise<void>;
}

/** The host plan, over the access that the provider gives. */
export interface Provisioning {
  generateKeys(): Promise<{ hostKey: KeyPair; sshKey: KeyPair }>;
  cloudInitUserData(input: { hostKey: KeyPair; authorizedKey: string }): string;
  /** True when the server answers as the one that was ordered: ssh with the pinned host key, or its root folder. */
  isReachable(input: ServerAccess): Promise<boolean>;
  provisionServer(input: ServerAccess & { inputs: HostInputs; onStep(name: string): void }): Promise<void>;
  /** Takes the provisioning key off the server and closes ssh; doing it twice is fine. */
  finishProvisioning(input: ServerAccess): Promise<void>;
}

export interface KeyPair {
  privateKey: Secret;
  publicKey: string;
}

export interface ServerAccess {
  access: ProviderServer["access"];
  hostPublicKey: string;
  sshPrivateKey: Secret;
}

export interface HostInputs {
  tenantId: TenantId;
  isolation: Isolation;
  hubUrl: string;
  realtimeUrl: string;
  hubKeys: HubKey[];
  enrolmentToken: Secret;
  policyJws: string;
  llm: { anthropic?: { baseUrl: string }; openai?: { baseUrl: string } };
}
