import { constants, existsSync } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { fail } from "@berth/platform";

/** A place in the workspace: the folders that lead there and its own name; `name` is null for the workspace itself. */
export interface WorkspacePlace {
  folders: string[];
  name: string | null;
  /** As the model writes it. */
  shown: string;
}

/** Where a path of a tool call lies, by its text alone. Throws `forbidden` for anything outside. */
export function placeInWorkspace(workspaceDir: string, path: string): WorkspacePlace {
  if (path.includes("\0")) fail("invalid_input", "A path cannot hold a NUL character.");
  const absolute = resolve(workspaceDir, path);
  if (absolute === workspaceDir) return { folders: [], name: null, shown: "." };
  if (!absolute.startsWith(workspaceDir + sep)) fail("forbidden", "The path leads out of the workspace.");
  const shown = relative(workspaceDir, absolute);
  const folders = shown.split(sep);
  return { name: folders.pop() ?? null, folders, shown };
}

const hasProc = existsSync("/proc/self/fd");
const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;

/**
 * Opens a folder of the workspace step by step, following no link, and gives `work` a path to it. On Linux the path goes
 * through the open descriptor: whatever a command does to the folders meanwhile, it stays the folder that was opened.
 */
export async function inFolder<T>(
  workspaceDir: string,
  folders: string[],
  options: { create: boolean },
  work: (folder: string) => Promise<T>,
): Promise<T> {
  let path = workspaceDir;
  let handle = await open(path, O_RDONLY | O_DIRECTORY);
  try {
    for (const name of folders) {
      path = join(viaDescriptor(handle, path), name);
      if (options.create) await mkdir(path, { mode: 0o2770 }).catch(ignoreExisting);
      const next = await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      await handle.close();
      handle = next;
    }
    return await work(viaDescriptor(handle, path));
  } finally {
    await handle.close();
  }
}

const viaDescriptor = (handle: FileHandle, path: string): string => (hasProc ? `/proc/self/fd/${handle.fd}` : path);

function ignoreExisting(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
}
