import { BlockList, isIP } from "node:net";

function listOf(family: "ipv4" | "ipv6", nets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [net, bits] of nets) list.addSubnet(net, bits, family);
  return list;
}

// IANA special-purpose address registries (RFC 6890 and later), multicast and reserved space.
const notPublic4 = listOf("ipv4", [
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
]);
// Inside 2000::/3: protocol assignments with Teredo, documentation, 6to4 (which wraps an IPv4 address).
const notPublic6 = listOf("ipv6", [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
]);
const globalUnicast = listOf("ipv6", [["2000::", 3]]);

// Where clouds hand out a server's first-boot secrets, and what is nobody's address. No list opens these.
const never4 = listOf("ipv4", [
  ["0.0.0.0", 8],
  ["169.254.0.0", 16],
  ["100.100.100.200", 32],
  ["192.0.0.192", 32],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
]);
const never6 = listOf("ipv6", [
  ["::", 128],
  ["::ffff:0:0", 96],
  ["fd00:ec2::254", 128],
  ["fe80::", 10],
  ["ff00::", 8],
]);

/** True for an address on the public internet: not this machine, not its neighbours, not the cloud's metadata. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !notPublic4.check(address, "ipv4");
  return family === 6 && globalUnicast.check(address, "ipv6") && !notPublic6.check(address, "ipv6");
}

/** True for what is reached in no case, even if somebody lists it: metadata, link-local, multicast, unspecified. */
export function isForbiddenAddress(address: string): boolean {
  const family = isIP(address);
  return family === 4 ? never4.check(address, "ipv4") : family !== 6 || never6.check(address, "ipv6");
}
