import { randomUUID } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { runForOutcome } from "../run-command.ts";

/** Written last: a folder without it is the rest of something that was broken off. */
export const completeMarker = (dir: string): string => `${dir}.complete`;

const draftMark = ".building-";

/** Never goes into a mount that a killed builder may have left: what is below it belongs to the machine. */
const removeTree = (dir: string) => runForOutcome(["rm", "-rf", "--one-file-system", dir]);

async function removeDrafts(dir: string): Promise<void> {
  const parent = path.dirname(dir);
  const drafts = (await readdir(parent)).filter((name) => name.startsWith(`${path.basename(dir)}${draftMark}`));
  for (const name of drafts) {
    await removeTree(path.join(parent, name));
  }
}

/**
 * Makes a folder all or not at all: `make` fills a draft, which is moved into place when it is whole. Nothing is done if
 * that happened before; what an earlier try left is removed. Call it under a lock that all makers share.
 */
export async function makeOnce(dir: string, make: (draft: string) => Promise<void>): Promise<void> {
  const marker = completeMarker(dir);
  if ((await readFile(marker).catch(() => null)) !== null) return;
  await removeDrafts(dir);
  await removeTree(dir);
  // A name of its own: a program that a killed maker left behind may still write into the earlier draft.
  const draft = `${dir}${draftMark}${randomUUID()}`;
  await mkdir(draft, { recursive: true });
  await make(draft);
  // It becomes the root folder of a server's disk, whatever umask and builder left.
  await chmod(draft, 0o755);
  await rename(draft, dir);
  await writeFile(marker, "");
}
