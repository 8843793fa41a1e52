import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { AppError, sha256Hex } from "@berth/platform";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const recipe = path.join(root, "infra/images/openclaw");

/** Where the pinned OpenClaw of servers in mode `process` is: one installation for all; it changes with the lock file. */
export function openclawDirectory(cacheDir = path.join(root, ".berth/cache")): string {
  const lock = sha256Hex(readFileSync(path.join(recipe, "package-lock.json")));
  return path.join(cacheDir, `openclaw-${lock.slice(0, 16)}`);
}

const marker = (dir: string): string => path.join(dir, ".complete");

export const isOpenclawInstalled = (dir: string): boolean => existsSync(marker(dir));

/**
 * Installs the pinned OpenClaw from npm (about 40 s, 650 MB) unless it is there. `npm` comes from PATH and must run on the
 * Node that OpenClaw asks for, as everything does that npm started. Throws `unavailable`.
 */
export async function installOpenclaw(dir: string): Promise<void> {
  if (isOpenclawInstalled(dir)) return;
  mkdirSync(dir, { recursive: true });
  cpSync(recipe, dir, { recursive: true });
  const argv = ["install", "--omit=dev", "--no-audit", "--no-fund"];
  await new Promise<void>((resolve, reject) => {
    let said = "";
    const child = spawn("npm", argv, {
      cwd: dir,
      stdio: ["ignore", "ignore", "pipe"],
      shell: process.platform === "win32",
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
    });
    const refuse = (cause?: unknown) =>
      reject(
        new AppError("unavailable", "OpenClaw could not be installed from npm.", {
          cause,
          internal: said.slice(-2000),
        }),
      );
    child.once("error", refuse);
    child.once("close", (code) => (code === 0 ? resolve() : refuse()));
  });
  writeFileSync(marker(dir), "");
}
