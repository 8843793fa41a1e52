import { existsSync } from "node:fs";
import path from "node:path";

/** Paths that a document names in backticks or links but that do not exist, as `document: path`. */
export function findDeadPaths(document: { path: string; text: string }, root: string): string[] {
  const named = [...document.text.matchAll(/`([^`\n]+)`|\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? match[2] ?? "");
  const folder = path.join(root, path.dirname(document.path));
  return named
    .map((name) => name.replace(/#.*$/, "").replace(/:\d+$/, ""))
    .filter(
      (name) =>
        /^(?:\.\.?\/)?(?:apps|packages|services|infra|prisma|scripts|docs|\.github|\.ci)\/[\w./()[\]-]*$/.test(name) ||
        /^\.\.?\/[\w./-]+\.(?:md|png|ts)$/.test(name),
    )
    .filter((name) => !existsSync(path.join(root, name)) && !existsSync(path.join(folder, name)))
    .map((name) => `${document.path}: ${name} does not exist`);
}
