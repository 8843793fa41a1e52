import type { KeyObject } from "node:crypto";
import type { Billing } from "@berth/billing";
import type { DnsProvider, VpsProvider } from "@berth/cloud/provider";
import type { HubKey, LlmApi } from "@berth/contracts";
import type { Mailer } from "@berth/notify";
import type { Logger, Secret } from "@berth/platform";
import type { HostAccess, HostInputs, SshKeyPair, StepReport } from "@berth/provisioning";

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
  tenantLlm: Partial<Record<LlmApi, string | null>>;
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
  /** The operator's keys at the LLM providers; they go into each tenant's vault and nowhere else. */
  llmKeys: Partial<Record<LlmApi, Secret | null>>;
  /** 32 bytes; seals key material in the database. */
  sealKey: Uint8Array;
}

export type { ProviderServer, VpsProvider } from "@berth/cloud/provider";
export type { HostAccess as ServerAccess, HostInputs } from "@berth/provisioning";

/** The host plan, over the access that the provider gives. All of it may be repeated. */
export interface Provisioning {
  generateKeys(): { hostKey: SshKeyPair; sshKey: SshKeyPair };
  cloudInitUserData(input: { hostKey: SshKeyPair; authorizedKey: string }): string;
  /** True when the server answers as the one that was ordered: ssh with the pinned host key, or its root folder. */
  isReachable(access: HostAccess): Promise<boolean>;
  provisionServer(
    input: HostAccess & { inputs: HostInputs; log: Logger; onStep(report: StepReport): void },
  ): Promise<void>;
  /** Takes the provisioning key off the server and closes ssh; doing it twice is fine. */
  finishProvisioning(input: HostAccess & { log: Logger }): Promise<void>;
}
