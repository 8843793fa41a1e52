import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { openclawDir } from "@berth/testkit/openclaw";
import { root } from "../stack/stack-options.ts";

/** Files of one kind, none of which anybody looked at while writing a rule. */
export interface Texts {
  name: "openclawDocs" | "readmes" | "typescript";
  /** Absolute paths, in an order that is the same on every machine with the same packages. */
  files: string[];
}

const typescriptBytes = 20_000_000;

/** Regular files below a folder; links are not followed, so that the project's own workspaces stay out. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(file) : entry.isFile() ? [file] : [];
  });
}

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A sample that no alphabet chose: the files in the order of the digests of their paths, up to so many bytes. */
function sampleOf(files: string[], bytes: number): string[] {
  const shuffled = files.map((file) => ({ file, key: digest(path.relative(root, file)) }));
  shuffled.sort((a, b) => (a.key < b.key ? -1 : 1));
  let left = bytes;
  return shuffled.flatMap(({ file }) => {
    const { size } = statSync(file);
    if (size > left) return [];
    left -= size;
    return [file];
  });
}

/** The three texts that false alarms are counted on: OpenClaw's documentation, READMEs, and TypeScript sources. */
export async function untunedTexts(): Promise<Texts[]> {
  const packages = filesBelow(path.join(root, "node_modules")).sort();
  const docs = path.join(await openclawDir(), "node_modules/openclaw/docs");
  return [
    { name: "openclawDocs", files: filesBelow(docs).sort() },
    { name: "readmes", files: packages.filter((file) => path.basename(file) === "README.md") },
    {
      name: "typescript",
      files: sampleOf(
        packages.filter((file) => file.endsWith(".ts")),
        typescriptBytes,
      ),
    },
  ];
}

export const readText = (file: string): string => readFileSync(file, "utf8");
