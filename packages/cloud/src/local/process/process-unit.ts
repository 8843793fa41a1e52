import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { sha256Hex } from "@berth/platform";
import { z } from "zod";

/**
 * One program of a server in mode `process`: `<rootDir>/units/<name>.json`. The supervisor starts it within half a second
 * of the file's appearance, starts it again when it ends or the file changes, and stops it when the file is gone.
 */
export const ProcessUnit = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/),
  argv: z.array(z.string()).min(1),
  /** All of the environment, but for PATH, HOME, TMPDIR, LANG, which come from whoever started the supervisor. */
  env: z.record(z.string(), z.string()),
  cwd: z.string().optional(),
  /** stdout and stderr are appended to it. */
  logFile: z.string(),
});
export type ProcessUnit = z.infer<typeof ProcessUnit>;

export interface UnitFile {
  unit: ProcessUnit;
  /** Changes with the file's text. */
  version: string;
}

async function readUnit(file: string): Promise<UnitFile | null> {
  try {
    const text = await readFile(file, "utf8");
    return { unit: ProcessUnit.parse(JSON.parse(text)), version: sha256Hex(text) };
  } catch {
    // Half-written or wrong: it counts as absent until it is right.
    return null;
  }
}

/** The valid unit files under `rootDir`, by name. A file whose name is not its unit's is left out. */
export async function readUnits(rootDir: string): Promise<Map<string, UnitFile>> {
  const dir = path.join(rootDir, "units");
  const names = await readdir(dir).catch(() => [] as string[]);
  const units = new Map<string, UnitFile>();
  for (const name of names.filter((entry) => entry.endsWith(".json"))) {
    const file = await readUnit(path.join(dir, name));
    if (file && `${file.unit.name}.json` === name) units.set(file.unit.name, file);
  }
  return units;
}
