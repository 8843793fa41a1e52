import { randomUUID } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";

/** Writes a file so that a reader, also after a kill or a power cut, sees the old or the new text, never half of one. */
export async function writeFileAtomically(file: string, text: string, mode = 0o600): Promise<void> {
  const draft = `${file}.${randomUUID()}.tmp`;
  const handle = await open(draft, "wx", mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

/** The text of a file, or null if there is none. */
export async function readFileIfThere(file: string): Promise<string | null> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
}
