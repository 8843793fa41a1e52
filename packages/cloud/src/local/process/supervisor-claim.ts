import { randomUUID } from "node:crypto";
import { link, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { readFileIfThere } from "../atomic-file.ts";
import { isAlive, markOf, ProcessMark } from "./process-mark.ts";

const claimFile = (rootDir: string) => path.join(rootDir, "supervisor.json");

/** The supervisor that holds `rootDir`, if it lives. */
export async function supervisorOf(rootDir: string): Promise<ProcessMark | null> {
  const text = await readFileIfThere(claimFile(rootDir));
  if (!text) return null;
  const mark = ProcessMark.safeParse(JSON.parse(text));
  return mark.success && isAlive(mark.data) ? mark.data : null;
}

/** Makes this process the supervisor of `rootDir`; false if another one is. Only one of several can win (link is atomic). */
export async function claim(rootDir: string): Promise<boolean> {
  const file = claimFile(rootDir);
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(markOf(process.pid)), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      const won = await link(draft, file).then(
        () => true,
        () => false,
      );
      if (won) return true;
      if (await supervisorOf(rootDir)) return false;
      // The holder is dead. Its claim is moved away, not deleted: of two who see it dead only one can move it.
      const dead = `${draft}.dead`;
      await rename(file, dead).catch(() => {});
      await rm(dead, { force: true });
    }
    return false;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Whether this process still is the supervisor: its claim may have been taken, or the server destroyed. */
export async function holdsClaim(rootDir: string): Promise<boolean> {
  return (await supervisorOf(rootDir))?.pid === process.pid;
}

export const dropClaim = (rootDir: string): Promise<void> => rm(claimFile(rootDir), { force: true });
