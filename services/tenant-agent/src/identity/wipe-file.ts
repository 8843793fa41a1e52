import { closeSync, existsSync, fstatSync, fsyncSync, openSync, unlinkSync, writeSync } from "node:fs";

/** Overwrites a one-time file, makes that durable, and removes it. No file is fine: it was wiped before. */
export function wipeFile(path: string): void {
  if (!existsSync(path)) return;
  const file = openSync(path, "r+");
  try {
    const { size } = fstatSync(file);
    writeSync(file, Buffer.alloc(size), 0, size, 0);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  unlinkSync(path);
}
