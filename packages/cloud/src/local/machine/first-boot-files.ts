import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Lab, labAddresses, labHostNames, serverDir } from "../lab-paths.ts";
import type { ServerRecord } from "./server-record.ts";

/** Hosts of the fake internet are known by name: there is no DNS in the lab. */
const hosts = (name: string) => `127.0.0.1 localhost
127.0.1.1 ${name}
::1 localhost ip6-localhost
${labAddresses.hub} ${labHostNames.join(" ")}
`;

/**
 * Makes a server's disk anew: an empty upper layer with host name, hosts and the cloud-init seed (NoCloud). Call it while
 * the server is off: overlayfs does not allow changes from below.
 */
export async function writeFirstBootFiles(lab: Lab, record: ServerRecord, userData: string): Promise<void> {
  const dir = serverDir(lab, record.name);
  const upper = path.join(dir, "upper");
  await rm(upper, { recursive: true, force: true });
  await rm(path.join(dir, "work"), { recursive: true, force: true });
  const seed = path.join(upper, "var/lib/cloud/seed/nocloud");
  await mkdir(path.join(upper, "etc"), { recursive: true, mode: 0o755 });
  await mkdir(path.dirname(seed), { recursive: true, mode: 0o755 });
  await mkdir(seed, { mode: 0o700 });
  await writeFile(path.join(upper, "etc/hostname"), `${record.name}\n`);
  await writeFile(path.join(upper, "etc/hosts"), hosts(record.name));
  await writeFile(path.join(upper, "etc/resolv.conf"), `nameserver ${labAddresses.serverOf(1)}\n`);
  await writeFile(path.join(seed, "meta-data"), `instance-id: ${record.id}\nlocal-hostname: ${record.name}\n`);
  // The user data holds the host's private key: readable for root alone, as on a real server.
  await writeFile(path.join(seed, "user-data"), userData, { mode: 0o600 });
}
