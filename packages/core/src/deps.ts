import type { KeyObject } from "node:crypto";
import type { Duplex } from "node:stream";
import type { HubKey, Isolation, PlanId, TenantId } from "@berth/contracts";
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

/** What core wants from Stripe. Times are epoch milliseconds. */
export interface Billing {
  /** One open checkout for one order; the same order gets the same session while it is open. */
  createCheckout(input: {
    orderId: string;
    organizationId: string;
    planId: PlanId;
    customerId: string | null;
    email: string;
    successUrl: string;
    cancelUrl: string;
  }): Promise<{ sessionId: string; url: string; expiresAt: number; customerId: string | null }>;
  readCheckout(sessionId: string): Promise<CheckoutState | null>;
  readSubscription(subscriptionId: string): Promise<SubscriptionState | null>;
  /** Verifies the signature over the raw bytes; throws AppError `unauthenticated`. */
  parseWebhook(input: { body: Uint8Array; signature: string | null }): Promise<BillingEvent>;
  /** Adds tokens to the customer's meter; `identifier` makes a repeat count once. */
  reportUsage(input: { customerId: string; identifier: string; tokens: number; at: number }): Promise<void>;
  createPortalSession(input: { customerId: string; returnUrl: string }): Promise<{ url: string }>;
  /** Products, prices and the meter of the plans; creating them twice changes nothing. */
  ensureCatalogue(): Promise<void>;
}

export interface CheckoutState {
  sessionId: string;
  status: "open" | "complete" | "expired";
  paid: boolean;
  url: string | null;
  orderId: string | null;
  customerId: string | null;
  subscriptionId: string | null;
}

export interface SubscriptionState {
  subscriptionId: string;
  status: string;
  currentPeriodStart: number;
  currentPeriodEnd: number;
}

export interface BillingEvent {
  id: string;
  type: string;
  /** Id and kind (Stripe's `object`) of what the event is about. */
  objectId: string | null;
  objectKind: string | null;
  createdAt: number;
  /** The event as received, for the record. */
  payload: unknown;
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

export interface Mailer {
  send(message: { to: string; subject: string; text: string; html?: string }): Promise<void>;
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
