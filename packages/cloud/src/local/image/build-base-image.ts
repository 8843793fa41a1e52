import { chmod, copyFile, cp, mkdir, readdir, readFile, statfs } from "node:fs/promises";
import path from "node:path";
import { fail } from "@berth/platform";
import { downloadEnv, searchPath } from "../env.ts";
import { withFileLock } from "../file-lock.ts";
import { infraPath } from "../infra-paths.ts";
import { runOrFail } from "../run-command.ts";
import { debianSources } from "./debian-sources.ts";
import {
  builtLayers,
  debianPackages,
  imageLayers,
  imageSuite,
  type Layer,
  layerDir,
  nodeBinary,
} from "./image-recipe.ts";
import { makeOnce } from "./make-once.ts";
import { missingRequirements } from "./requirements.ts";

export interface BuildOptions {
  labDir: string;
  /** Where layers are kept; several labs may share it. Default `<labDir>/cache`. */
  cacheDir?: string | undefined;
  /** A Debian archive to use instead of the machine's own, e.g. on Ubuntu. */
  debianMirror?: string | undefined;
  /** Hears what is being done, in words for the console. */
  onProgress?: ((message: string) => void) | undefined;
}

const freeBytesMin = 3 * 1024 ** 3;

async function aptFiles(): Promise<Record<string, string>> {
  const parts = await readdir("/etc/apt/sources.list.d").catch(() => []);
  const files = ["/etc/apt/sources.list", ...parts.map((name) => path.join("/etc/apt/sources.list.d", name))];
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  return Object.fromEntries(files.map((file, index) => [file, texts[index] ?? ""]));
}

/**
 * mmdebstrap mounts /proc, /sys and more below the folder it fills. In namespaces of its own nothing of that is seen by the
 * machine, and when this process is killed the whole tree of programs ends with it, mounts and all.
 */
const dyingWithUs = "setpriv --pdeathsig KILL unshare --mount --pid --mount-proc --fork --kill-child".split(" ");

async function buildDebian(root: string, options: BuildOptions): Promise<void> {
  const sources = debianSources(await aptFiles(), imageSuite, options.debianMirror);
  options.onProgress?.(`Installing Debian ${imageSuite} for the servers (about half a minute)`);
  const say = (line: string) => line.startsWith("I: ") && options.onProgress?.(`Debian: ${line.slice(3)}`);
  await runOrFail(
    "install Debian for the servers' image",
    [
      ...dyingWithUs,
      "mmdebstrap",
      "--variant=minbase",
      "--format=directory",
      `--include=${debianPackages().join(",")}`,
      '--aptopt=APT::Install-Recommends "false"',
      imageSuite,
      root,
      ...sources,
    ],
    { onLine: say, env: downloadEnv() },
  );
  await runOrFail("prepare Debian for the lab", [infraPath("images/base/patch.sh"), root]);
}

async function buildPrograms(root: string, options: BuildOptions): Promise<void> {
  const openclaw = path.join(root, "opt/openclaw");
  const node = path.join(root, "opt/node24/bin/node");
  await mkdir(path.dirname(node), { recursive: true });
  await copyFile(nodeBinary(), node);
  await chmod(node, 0o755);
  await cp(infraPath("images/openclaw"), openclaw, { recursive: true });
  options.onProgress?.("Installing the pinned OpenClaw for the servers (about a minute)");
  await runOrFail("install OpenClaw from npm", ["npm", "install", "--omit=dev", "--no-audit", "--no-fund"], {
    cwd: openclaw,
    // npm and install scripts must run on the Node that OpenClaw asks for, not on the machine's.
    env: { ...downloadEnv(), PATH: `${path.dirname(node)}:${searchPath()}` },
  });
}

const builders: Record<Layer["name"], (root: string, options: BuildOptions) => Promise<void>> = {
  debian: buildDebian,
  programs: buildPrograms,
};

/**
 * Builds the image that servers of mode `machine` start from, or answers at once if it is there. Safe against a second
 * builder (it waits) and against being broken off (it starts over). Takes about 1.5 GB.
 * Throws `unavailable` with a sentence that says what is missing.
 */
export async function buildBaseImage(options: BuildOptions): Promise<{ layers: string[] }> {
  const cacheDir = options.cacheDir ?? path.join(options.labDir, "cache");
  const ready = builtLayers(cacheDir);
  if (ready) return { layers: ready };
  await mkdir(path.join(cacheDir, "images"), { recursive: true });
  const missing = missingRequirements({ labDir: options.labDir });
  if (missing.length > 0) fail("unavailable", missing.join(" "));
  return withFileLock(path.join(cacheDir, "images", "build.lock"), async () => {
    const { bavail, bsize } = await statfs(cacheDir);
    if (!builtLayers(cacheDir) && bavail * bsize < freeBytesMin) {
      fail("unavailable", `The disk of ${cacheDir} is too full: the servers' image needs 3 GB free.`);
    }
    for (const layer of imageLayers()) {
      await makeOnce(layerDir(cacheDir, layer), (draft) => builders[layer.name](draft, options));
    }
    return { layers: builtLayers(cacheDir) ?? fail("internal", "The image was removed while it was built.") };
  });
}
