import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "@berth/platform";
import { z } from "zod";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const recipe = path.join(root, "infra/images/openclaw");

/** Where the pinned OpenClaw of all servers in mode `process` is installed. */
export const openclawDirectory = (cacheDir = path.join(root, ".berth/cache")): string =>
  path.join(cacheDir, "openclaw");

const Manifest = z.object({
  version: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
});
const manifestOf = (file: string) => Manifest.parse(JSON.parse(readFileSync(file, "utf8")));

/** npm writes `.package-lock.json` last; without it the folder is the rest of an installation that was broken off. */
export function isOpenclawInstalled(dir: string): boolean {
  const manifest = path.join(dir, "node_modules/openclaw/package.json");
  if (!existsSync(manifest) || !existsSync(path.join(dir, "node_modules/.package-lock.json"))) return false;
  return manifestOf(manifest).version === manifestOf(path.join(recipe, "package.json")).dependencies?.openclaw;
}

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
}
