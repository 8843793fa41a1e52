import { BlockList, isIP } from "node:net";

export interface Destination {
  /** Lower case, without brackets and final dot; numeric spellings of an address are written out. */
  host: string;
  port: number;
}

/** `authority` as in a CONNECT line or an absolute URL; null if it cannot be read. */
export function destinationOf(authority: string, defaultPort: number): Destination | null {
  if (/[/@?#\s\\]/.test(authority)) return null;
  // The URL parser knows the many ways to write an IPv4 address (0x7f.1, 2130706433).
  const url = URL.parse(`http://${authority}`);
  if (!url?.hostname) return null;
  // It drops port 80, which it takes for the default.
  const explicit = /:(\d{1,5})$/.exec(authority)?.[1];
  const port = explicit === undefined ? defaultPort : Number(explicit);
  if (port < 1 || port > 65_535) return null;
  return { host: url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, ""), port };
}

const notPublic = new BlockList();
// IANA special-purpose address registries (RFC 6890 and later), multicast and reserved space.
for (const [net, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const) {
  notPublic.addSubnet(net, bits, "ipv4");
}
// Inside 2000::/3: protocol assignments with Teredo, documentation, 6to4 (which wraps an IPv4 address).
for (const [net, bits] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const) {
  notPublic.addSubnet(net, bits, "ipv6");
}
const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");

/** True for an address on the public internet: not this machine, not its neighbours, not the cloud's metadata. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !notPublic.check(address, "ipv4");
  return family === 6 && globalUnicast.check(address, "ipv6") && !notPublic.check(address, "ipv6");
}

export type Permission = { allowed: false; reason: string } | { allowed: true; privateToo: boolean };

/**
 * Entries are `host` or `*.suffix` (ports 80 and 443, public addresses, no address literals), or `host:port`: exactly
 * that, wherever it is.
 */
export function permissionFor({ host, port }: Destination, allowHosts: string[]): Permission {
  const entries = allowHosts.map((entry) => entry.toLowerCase());
  const literal = isIP(host) !== 0;
  const written = isIP(host) === 6 ? `[${host}]` : host;
  if (entries.includes(`${written}:${port}`)) return { allowed: true, privateToo: true };
  if (literal) return { allowed: false, reason: "an address instead of a name" };
  // `*.suffix` means names below it, not the suffix itself, and never by coincidence of letters.
  const named = entries.some((entry) => entry === host || (entry.startsWith("*.") && host.endsWith(entry.slice(1))));
  if (!named) return { allowed: false, reason: "not on the list of allowed hosts" };
  if (port !== 80 && port !== 443) return { allowed: false, reason: "a port that is not allowed for this host" };
  return { allowed: true, privateToo: false };
}
