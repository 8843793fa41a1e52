import { randomBytes } from "node:crypto";
import { constants, type Dirent } from "node:fs";
import { type FileHandle, lstat, open, readdir, rename, rm, rmdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { FileArgs } from "@berth/contracts";
import { fail } from "@berth/platform";
import { findSecretRefs, secretRefPattern } from "@berth/policy";
import type { z } from "zod";
import { textOfBytes } from "../text-of-bytes.ts";
import type { ToolOutcome, ToolRunInput } from "./tool-run.ts";
import { inFolder, placeInWorkspace, type WorkspacePlace } from "./workspace.ts";

type Args = z.infer<typeof FileArgs>;
type NamedPlace = WorkspacePlace & { name: string };

const maxReadBytes = 200_000;
const maxFileBytes = 10 * 1_048_576;
const maxListed = 1000;
const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/** Reads, lists and changes files of the workspace, and nothing else; no link is followed. */
export async function fileTool(
  { workspaceDir }: { workspaceDir: string },
  { args, useSecret, redactCut }: ToolRunInput<Args>,
): Promise<ToolOutcome> {
  refuseSecretNames(args);
  const place = placeInWorkspace(workspaceDir, args.path);
  try {
    return { ok: true, text: await act({ workspaceDir, place, args, useSecret, redactCut }) };
  } catch (error) {
    return { ok: false, text: explain(error, place) };
  }
}

function refuseSecretNames({ path, to }: Args): void {
  if (findSecretRefs([path, to]).names.length > 0) fail("forbidden", "A file's name cannot hold a secret.");
}

interface Act {
  workspaceDir: string;
  place: WorkspacePlace;
  args: Args;
  useSecret: ToolRunInput["useSecret"];
  redactCut: ToolRunInput["redactCut"];
}

function act({ workspaceDir, place, args, useSecret, redactCut }: Act): Promise<string> {
  switch (args.op) {
    case "read":
      return readText(workspaceDir, named(place), redactCut);
    case "list":
      return list(workspaceDir, place);
    case "write":
      return write(workspaceDir, named(place), contentOf(args, useSecret));
    case "append":
      return append(workspaceDir, named(place), contentOf(args, useSecret));
    case "move":
      return move(workspaceDir, named(place), targetOf(workspaceDir, args.to));
    case "delete":
      return remove(workspaceDir, named(place));
  }
}

function contentOf({ op, content }: Args, useSecret: ToolRunInput["useSecret"]): string {
  if (content === undefined) return fail("invalid_input", `file ${op} needs "content".`);
  return content.replace(secretRefPattern, (_whole, name: string) => useSecret(name, `file ${op}`));
}

const named = (place: WorkspacePlace): NamedPlace =>
  place.name === null
    ? fail("forbidden", "The path must name something in the workspace.")
    : { ...place, name: place.name };

const targetOf = (workspaceDir: string, to: string | undefined): NamedPlace =>
  named(placeInWorkspace(workspaceDir, to ?? fail("invalid_input", 'file move needs "to".')));

async function withFile<T>(path: string, flags: number, work: (file: FileHandle) => Promise<T>): Promise<T> {
  // Non-blocking, so that a named pipe in the workspace cannot hold the agent.
  const file = await open(path, flags | O_NOFOLLOW | O_NONBLOCK, 0o660);
  try {
    if (!(await file.stat()).isFile()) fail("invalid_input", "It is not a plain file.");
    return await work(file);
  } finally {
    await file.close();
  }
}

const readText = (workspaceDir: string, { folders, name }: NamedPlace, redactCut: Act["redactCut"]): Promise<string> =>
  inFolder(workspaceDir, folders, { create: false }, (folder) =>
    withFile(join(folder, name), O_RDONLY, async (file) => {
      const buffer = Buffer.alloc(maxReadBytes + 1);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
      if (buffer.subarray(0, bytesRead).includes(0)) return `(a binary file of ${(await file.stat()).size} bytes)`;
      const cut = bytesRead > maxReadBytes;
      const text = textOfBytes(buffer.subarray(0, Math.min(bytesRead, maxReadBytes)), { cut });
      return cut ? `${redactCut(text)}\n(the file is longer and is cut here)` : text;
    }),
  );

const kindOf = (entry: Dirent): string => (entry.isDirectory() ? "/" : entry.isSymbolicLink() ? "@" : "");

function list(workspaceDir: string, { folders, name }: WorkspacePlace): Promise<string> {
  const path = name === null ? folders : [...folders, name];
  return inFolder(workspaceDir, path, { create: false }, async (folder) => {
    const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
    const lines = entries.slice(0, maxListed).map((entry) => entry.name + kindOf(entry));
    if (entries.length > maxListed) lines.push(`(and ${entries.length - maxListed} more)`);
    return lines.join("\n") || "(empty)";
  });
}

/** Written beside and renamed, so that nobody ever sees half a file; a link in the way is replaced, not followed. */
const write = (workspaceDir: string, { folders, name, shown }: NamedPlace, content: string): Promise<string> =>
  inFolder(workspaceDir, folders, { create: true }, async (folder) => {
    const path = join(folder, name);
    const before = await lstat(path).catch(() => null);
    if (before?.isDirectory()) fail("invalid_input", `${shown} is a folder.`);
    const partial = join(folder, `.${randomBytes(8).toString("hex")}.partial`);
    try {
      await withFile(partial, O_WRONLY | O_CREAT | O_EXCL, async (file) => {
        await file.writeFile(content);
        await file.chmod(before?.isFile() ? before.mode & 0o777 : 0o660);
        await file.sync();
      });
      await rename(partial, path);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
    return `Wrote ${Buffer.byteLength(content)} bytes to ${shown}.`;
  });

const append = (workspaceDir: string, { folders, name, shown }: NamedPlace, content: string): Promise<string> =>
  inFolder(workspaceDir, folders, { create: true }, (folder) =>
    withFile(join(folder, name), O_WRONLY | O_APPEND | O_CREAT, async (file) => {
      const size = (await file.stat()).size + Buffer.byteLength(content);
      if (size > maxFileBytes) fail("payload_too_large", `${shown} would grow past ${maxFileBytes} bytes.`);
      await file.writeFile(content);
      return `Appended ${Buffer.byteLength(content)} bytes to ${shown}.`;
    }),
  );

const move = (workspaceDir: string, from: NamedPlace, to: NamedPlace): Promise<string> =>
  inFolder(workspaceDir, from.folders, { create: false }, (source) =>
    inFolder(workspaceDir, to.folders, { create: true }, async (target) => {
      if (await lstat(join(target, to.name)).catch(() => null)) fail("conflict", `${to.shown} exists already.`);
      await rename(join(source, from.name), join(target, to.name));
      return `Moved ${from.shown} to ${to.shown}.`;
    }),
  );

const remove = (workspaceDir: string, { folders, name, shown }: NamedPlace): Promise<string> =>
  inFolder(workspaceDir, folders, { create: false }, async (folder) => {
    if ((await lstat(join(folder, name))).isDirectory()) await removeFolder(folder, name);
    else await unlink(join(folder, name));
    return `Deleted ${shown}.`;
  });

/** Through descriptors all the way down: a folder that becomes a link meanwhile is not entered. */
async function removeFolder(parent: string, name: string): Promise<void> {
  await inFolder(parent, [name], { create: false }, async (folder) => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) await removeFolder(folder, entry.name);
      else await unlink(join(folder, entry.name));
    }
  });
  await rmdir(join(parent, name));
}

const explanations: Record<string, string> = {
  ENOENT: "does not exist",
  ELOOP: "is a link, which is not followed",
  EACCES: "may not be touched",
  EPERM: "may not be touched",
  ENOTDIR: "is or lies below something that is not a folder (links are not followed)",
  EISDIR: "is a folder",
  ENXIO: "is not a plain file",
  ENOSPC: "cannot be written: the disk is full",
  ENAMETOOLONG: "has too long a name",
  EINVAL: "cannot be moved there",
};

function explain(error: unknown, { shown }: WorkspacePlace): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const known = explanations[code];
  if (known === undefined) throw error;
  return `${shown} ${known}.`;
}
