import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { filesBelow } from "./untuned-texts.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "untuned-texts-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the texts that rules are judged on do not reach the project's own files by way of its workspace links", () => {
  mkdirSync(path.join(folder, "workspace"));
  writeFileSync(path.join(folder, "workspace/README.md"), "ours");
  mkdirSync(path.join(folder, "node_modules/strange"), { recursive: true });
  writeFileSync(path.join(folder, "node_modules/strange/README.md"), "theirs");
  symlinkSync("../workspace", path.join(folder, "node_modules/ours"));
  expect(filesBelow(path.join(folder, "node_modules"))).toEqual([path.join(folder, "node_modules/strange/README.md")]);
});
