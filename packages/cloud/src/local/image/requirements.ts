import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import path from "node:path";
import { searchPath } from "../env.ts";

/** Programs that mode `machine` starts, by the Debian package that holds them. */
const programsOf: Record<string, string[]> = {
  mmdebstrap: ["mmdebstrap"],
  "systemd-container": ["systemd-nspawn"],
  nftables: ["nft"],
  iproute2: ["ip", "bridge"],
  "util-linux": ["nsenter", "flock", "unshare", "setpriv", "mountpoint"],
  procps: ["sysctl"],
};

function isOnPath(program: string): boolean {
  const folders = searchPath().split(":");
  return folders.some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Debian packages to install before mode `machine` can run here. */
export function missingPackages(): string[] {
  return Object.entries(programsOf)
    .filter(([, programs]) => !programs.every(isOnPath))
    .map(([name]) => name);
}

const fileSystemOf = (folder: string): string =>
  spawnSync("stat", ["-f", "-c", "%T", folder], { encoding: "utf8" }).stdout.trim();

/**
 * What keeps mode `machine` from running on this machine: sentences that say what to do, empty when nothing does.
 * With `labDir` its file system is looked at too.
 */
export function missingRequirements(options: { labDir?: string } = {}): string[] {
  if (process.platform !== "linux") return ["Mode machine needs Linux; use mode process here."];
  const missing: string[] = [];
  if (process.getuid?.() !== 0) missing.push("Mode machine needs root; start it as root, or use mode process.");
  const packages = missingPackages();
  if (packages.length > 0) {
    missing.push(`Install the missing system packages: apt-get install --no-install-recommends ${packages.join(" ")}`);
  }
  if (missing.length === 0 && spawnSync("unshare", ["--mount", "--net", "true"]).status !== 0) {
    missing.push("The kernel refuses new namespaces here (an unprivileged container?); use mode process.");
  }
  const { labDir } = options;
  if (labDir !== undefined && existsSync(labDir) && fileSystemOf(labDir) === "overlayfs") {
    missing.push(`${labDir} is on overlayfs; put the lab's folder (LAB_DIR) on ext4 or xfs, e.g. a mounted volume.`);
  }
  return missing;
}
