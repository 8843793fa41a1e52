import { mkdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { sha256Hex } from "@berth/platform";

/** Addresses inside a lab; the same in every lab, since each has network namespaces of its own (`infra/lab/names.sh`). */
export const labAddresses = {
  hub: "203.0.113.10",
  outsider: "203.0.113.53",
  outsider6: "2001:db8:113::53",
  metadata: "169.254.169.254",
  serverOf: (slot: number) => `10.88.0.${slot}`,
  server6Of: (slot: number) => `fd88:0:0:1::${slot}`,
} as const;

/** Names that every server of the lab resolves to the relay's address. */
export const labHostNames = [
  "hub.berth.test",
  "realtime.berth.test",
  "anthropic.berth.test",
  "openai.berth.test",
  "google.berth.test",
] as const;

export interface Lab {
  dir: string;
  /** Eight hex characters that tell the labs of one machine apart. */
  key: string;
  labNamespace: string;
  internetNamespace: string;
}

/** Where a lab keeps its things. Makes the folder, so that its real path (and with it the key) is always the same. */
export function labOf(labDir: string): Lab {
  mkdirSync(labDir, { recursive: true, mode: 0o755 });
  const dir = realpathSync(labDir);
  const key = sha256Hex(dir).slice(0, 8);
  return { dir, key, labNamespace: `berth-${key}`, internetNamespace: `berth-${key}-inet` };
}

export const namespacePath = (name: string): string => `/run/netns/${name}`;
export const serversDir = (lab: Lab): string => path.join(lab.dir, "servers");
export const serverDir = (lab: Lab, name: string): string => path.join(serversDir(lab), name);
