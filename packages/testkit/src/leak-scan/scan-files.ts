import { lstatSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";

const unpack: Record<string, (data: Buffer) => Buffer> = {
  ".gz": (data) => gunzipSync(data),
  ".zst": (data) => zstdDecompressSync(data),
  ".br": (data) => brotliDecompressSync(data),
};

/** Regular files in these files and folders; links are not followed, what vanished meanwhile is left out. */
export function* regularFiles(roots: string[]): Generator<string> {
  for (const root of roots) {
    const stat = lstatSync(root, { throwIfNoEntry: false });
    if (stat?.isFile()) yield root;
    if (stat?.isDirectory()) yield* regularFiles(readdirSync(root).map((name) => path.join(root, name)));
  }
}

/** Contents of a file as stored and, for packed ones, unpacked. Empty if it is gone. */
export function contentsOf(file: string): Buffer[] {
  try {
    const data = readFileSync(file);
    const open = unpack[path.extname(file)];
    return open ? [data, open(data)] : [data];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return []; // a log that was rotated while we looked
    throw error;
  }
}
