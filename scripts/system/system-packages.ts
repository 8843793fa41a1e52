/** Debian packages that some parts need, each known by a program it brings. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import path from "node:path";

export interface SystemPart {
  name: string;
  /** What works only with it, for the sentence that says what was left out. */
  gives: string;
  /** Program -> Debian package. */
  programs: Record<string, string>;
}

export const systemParts = {
  machine: {
    name: "machine",
    gives: "real servers with systemd, sshd and nftables (mode `machine`)",
    programs: {
      "systemd-nspawn": "systemd-container",
      mmdebstrap: "mmdebstrap",
      nft: "nftables",
      ip: "iproute2",
      nsenter: "util-linux",
      nc: "netcat-openbsd",
      "ssh-keygen": "openssh-client",
    },
  },
  chromium: { name: "chromium", gives: "the walk in a browser", programs: { chromium: "chromium" } },
  redis: { name: "redis", gives: "the queue on Redis", programs: { "redis-server": "redis-server" } },
} as const satisfies Record<string, SystemPart>;

const searched = [...(process.env.PATH ?? "").split(path.delimiter), "/usr/sbin", "/sbin", "/usr/bin"];

/** Full path of a program, or null. */
export function findProgram(name: string): string | null {
  for (const folder of searched) {
    const candidate = path.join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // not in this folder
    }
  }
  return null;
}

/** Debian packages of this part that are not installed. */
export const missingPackages = (part: SystemPart): string[] =>
  Object.entries(part.programs)
    .filter(([program]) => findProgram(program) === null)
    .map(([, name]) => name);

const isRoot = (): boolean => process.getuid?.() === 0;

function isDebian(): boolean {
  if (process.platform !== "linux" || !existsSync("/etc/os-release")) return false;
  return /^ID(?:_LIKE)?=.*(?:debian|ubuntu)/m.test(readFileSync("/etc/os-release", "utf8"));
}

/** True where servers of mode `machine` can be made at all, whatever is installed. */
export const canRunMachines = (): boolean => process.platform === "linux" && isRoot();

/** As root on Debian or Ubuntu installs what the parts lack, saying so; elsewhere does nothing. Returns what is still missing. */
export function installMissing(parts: SystemPart[], say: (line: string) => void): string[] {
  const wanted = [...new Set(parts.flatMap(missingPackages))];
  if (wanted.length === 0 || !isDebian() || !isRoot()) return wanted;
  say(`Installing system packages (root on Debian/Ubuntu): ${wanted.join(" ")}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", ["update", "-qq"], { env, stdio: "ignore" });
  const installed = spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...wanted], {
    env,
    encoding: "utf8",
  });
  if (installed.status !== 0) say(`apt-get failed:\n${installed.stderr.split("\n").slice(-8).join("\n")}`);
  return [...new Set(parts.flatMap(missingPackages))];
}

/** The command that a person types to get these packages. */
export const howToInstall = (packages: string[]): string => `sudo apt-get install ${packages.join(" ")}`;
