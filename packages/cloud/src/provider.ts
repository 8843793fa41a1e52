import type { Duplex } from "node:stream";
import type { Isolation } from "@berth/contracts";

/** What to create. `name` is the key: creating twice by one name gives one server. */
export interface ServerSpec {
  /** Lower-case letters, digits, dashes; starts with a letter; at most 63 characters. */
  name: string;
  cores: number;
  memoryMb: number;
  diskGb: number;
  /** cloud-config with the one-time SSH key and the pinned host key. It holds a private key: never log it. */
  userData: string;
  labels: Record<string, string>;
}

/** How provisioning gets in. `ssh`: a byte stream to a TCP port of the server, however it is reached. */
export type ServerAccess =
  | { kind: "ssh"; openStream(port: number): Promise<Duplex> }
  | { kind: "process"; rootDir: string };

export interface ProviderServer {
  /** The provider's own id; it changes when a server is destroyed and made anew under its old name. */
  id: string;
  name: string;
  status: "creating" | "running" | "off";
  ipv4: string | null;
  isolation: Isolation;
  labels: Record<string, string>;
  access: ServerAccess;
}

/** One VPS provider. All verbs may be repeated; those that take an id throw `not_found` unless said otherwise. */
export interface VpsProvider {
  name: string;
  capabilities: { canOrder: boolean; isolation: Isolation };
  /** Idempotent by name, also after a kill in the middle of an earlier creation. */
  createServer(spec: ServerSpec): Promise<ProviderServer>;
  getServer(id: string): Promise<ProviderServer | null>;
  findServerByName(name: string): Promise<ProviderServer | null>;
  /** Only servers that this control plane made. */
  listServers(): Promise<ProviderServer[]>;
  /** Answers also when there is no such server (any more). */
  destroyServer(id: string): Promise<void>;
  powerOn(id: string): Promise<void>;
  powerOff(id: string): Promise<void>;
  reboot(id: string): Promise<void>;
}

export interface DnsRecord {
  name: string;
  ipv4: string;
}

export interface DnsProvider {
  upsertRecord(record: DnsRecord): Promise<void>;
  deleteRecord(name: string): Promise<void>;
  findRecord(name: string): Promise<DnsRecord | null>;
}
