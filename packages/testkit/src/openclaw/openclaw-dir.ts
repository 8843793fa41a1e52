import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { fail, parseEnv } from "@berth/platform";
import { z } from "zod";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));
const run = promisify(execFile);
let installing: Promise<string> | undefined;

/**
 * Folder whose `node_modules/openclaw` is the pinned OpenClaw: `OPENCLAW_DIR`, or `.berth/cache/openclaw`, where it is
 * installed with npm when it is missing (about a minute and 650 MB).
 */
export function openclawDir(): Promise<string> {
  const { OPENCLAW_DIR } = parseEnv(z.object({ OPENCLAW_DIR: z.string().optional() }));
  if (OPENCLAW_DIR !== undefined && OPENCLAW_DIR !== "") {
    if (!existsSync(entryOf(OPENCLAW_DIR))) fail("not_found", `OPENCLAW_DIR=${OPENCLAW_DIR} holds no OpenClaw.`);
    return Promise.resolve(OPENCLAW_DIR);
  }
  installing ??= install(join(repository, ".berth/cache/openclaw"));
  return installing;
}

export const entryOf = (dir: string): string => join(dir, "node_modules/openclaw/openclaw.mjs");

async function install(dir: string): Promise<string> {
  const complete = join(dir, "node_modules/.package-lock.json");
  if (existsSync(entryOf(dir)) && existsSync(complete)) return dir;
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const image = join(repository, "infra/images/openclaw");
  for (const file of ["package.json", "package-lock.json"]) {
    if (existsSync(join(image, file))) copyFileSync(join(image, file), join(dir, file));
  }
  const verb = existsSync(join(dir, "package-lock.json")) ? "ci" : "install";
  const npm = [verb, "--no-audit", "--no-fund", "--omit=dev"];
  await run("npm", npm, {
    cwd: dir,
    env: { ...npmEnvironment(), PATH: `${dirname(process.execPath)}:${npmEnvironment().PATH}` },
  });
  return dir;
}

const npmEnvironment = () => parseEnv(z.looseObject({ PATH: z.string() })) as Record<string, string> & { PATH: string };
