import type { Duplex } from "node:stream";
import type { HubKey, Isolation, LlmApi, TenantId, VaultSeedEntry } from "@berth/contracts";
import type { Secret } from "@berth/platform";

/** An ed25519 key pair in OpenSSH's formats: `privateKey` is a PEM file, `publicKey` one line (`ssh-ed25519 AAAA…`). */
export interface SshKeyPair {
  privateKey: Secret;
  publicKey: string;
}

/** How a provider lets us in. `ssh`: a byte stream to a TCP port of the server. `process`: a folder on this machine. */
export type ProviderAccess =
  | { kind: "ssh"; openStream(port: number): Promise<Duplex> }
  | { kind: "process"; rootDir: string };

/** The way into one server: the provider's access, the host key it was ordered with, the one-time key of root. */
export interface HostAccess {
  access: ProviderAccess;
  hostPublicKey: string;
  sshPrivateKey: Secret;
}

/** What a tenant's server is told. Secrets are the token and the seed's values; they travel by stdin only. */
export interface HostInputs {
  tenantId: TenantId;
  isolation: Isolation;
  /** The Hub, realtime (ws or wss) and the LLM providers as this server reaches them. */
  hubUrl: string;
  realtimeUrl: string;
  hubKeys: HubKey[];
  enrolmentToken: Secret;
  /** The first policy bundle, a compact JWS of type `berth-policy+jws`. */
  policyJws: string;
  llm: Partial<Record<LlmApi, { baseUrl: string }>>;
  vaultSeed?: VaultSeedEntry[];
}

/** The bundled tenant services: `dir` holds `opt/berth` and `opt/safety-wrapper`, `version` is their content's hash. */
export interface TenantArtefacts {
  dir: string;
  version: string;
}

/** One step is done. `changed` is false when the server was already as the step wants it. */
export interface StepReport {
  name: string;
  ms: number;
  changed: boolean;
}
