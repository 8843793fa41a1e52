import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileArgs } from "@berth/contracts";
import { appErrorOf } from "@berth/platform";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fileTool } from "./file.ts";

let dir: string;
let workspaceDir: string;
const inside = (name: string) => join(workspaceDir, name);
const call = { agent: "main", sessionKey: "agent:main:main", origin: "person" as const };

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "workspace-"));
  workspaceDir = join(dir, "workspace");
  mkdirSync(workspaceDir);
  mkdirSync(join(dir, "outside"));
  writeFileSync(join(dir, "outside/treasure"), "treasure");
});
afterEach(() => rmSync(dir, { recursive: true }));

/** What the executor makes of the tool: an outcome, or the fault's public words. */
const file = (args: unknown) =>
  fileTool(
    { workspaceDir },
    { args: FileArgs.parse(args), call, useSecret: (name) => `value-of-${name}`, redactCut: (text) => text },
  ).catch((error) => ({ ok: false, text: appErrorOf(error).publicMessage }));

test("write, append, read, list, move and delete do what they say", async () => {
  expect(await file({ op: "write", path: "a/b/note.txt", content: "one" })).toMatchObject({ ok: true });
  expect(await file({ op: "append", path: "a/b/note.txt", content: " two" })).toMatchObject({ ok: true });
  expect(await file({ op: "read", path: "a/b/note.txt" })).toEqual({ ok: true, text: "one two" });
  expect(await file({ op: "list", path: "a" })).toEqual({ ok: true, text: "b/" });
  expect(await file({ op: "move", path: "a/b/note.txt", to: "c/note.txt" })).toMatchObject({ ok: true });
  expect(await file({ op: "list", path: "." })).toEqual({ ok: true, text: "a/\nc/" });
  expect(await file({ op: "delete", path: "c" })).toMatchObject({ ok: true });
  expect(readdirSync(workspaceDir)).toEqual(["a"]);
});

test.each(["../outside/treasure", "/etc/passwd", "a/../../outside/treasure", "..", "/", "workspace/../../x"])(
  "the path %s does not leave the workspace",
  async (path) => {
    for (const op of ["read", "list", "delete"]) expect(await file({ op, path })).toMatchObject({ ok: false });
    expect(await file({ op: "write", path, content: "x" })).toMatchObject({ ok: false });
    expect(await file({ op: "move", path: "x", to: path })).toMatchObject({ ok: false });
    expect(readFileSync(join(dir, "outside/treasure"), "utf8")).toBe("treasure");
  },
);

test("a link is followed nowhere: not as a folder, not as a file, not when it dangles", async () => {
  symlinkSync(join(dir, "outside"), inside("folder"));
  symlinkSync(join(dir, "outside/treasure"), inside("link"));
  symlinkSync(join(dir, "outside/made"), inside("dangling"));
  for (const path of ["folder/treasure", "link"]) expect(await file({ op: "read", path })).toMatchObject({ ok: false });
  expect(await file({ op: "list", path: "folder" })).toMatchObject({ ok: false });
  for (const path of ["folder/new", "folder/sub/new"]) {
    expect(await file({ op: "write", path, content: "x" })).toMatchObject({ ok: false });
  }
  for (const path of ["link", "dangling", "folder/treasure"]) {
    expect(await file({ op: "append", path, content: "x" })).toMatchObject({ ok: false });
  }
  expect(await file({ op: "delete", path: "folder/treasure" })).toMatchObject({ ok: false });
  writeFileSync(inside("mine"), "x");
  expect(await file({ op: "move", path: "mine", to: "folder/mine" })).toMatchObject({ ok: false });
  expect(readdirSync(join(dir, "outside"))).toEqual(["treasure"]);
  expect(readFileSync(join(dir, "outside/treasure"), "utf8")).toBe("treasure");
});

test("writing over a link replaces the link, and deleting a folder with links in it leaves their targets", async () => {
  symlinkSync(join(dir, "outside/treasure"), inside("link"));
  expect(await file({ op: "write", path: "link", content: "mine" })).toMatchObject({ ok: true });
  expect(() => readlinkSync(inside("link"))).toThrow();
  mkdirSync(inside("full/deep"), { recursive: true });
  symlinkSync(join(dir, "outside"), inside("full/deep/out"));
  expect(await file({ op: "delete", path: "full" })).toMatchObject({ ok: true });
  expect(existsSync(inside("full"))).toBe(false);
  expect(readFileSync(join(dir, "outside/treasure"), "utf8")).toBe("treasure");
});

test("a reader never sees half a file: the old content is whole until the new one is", async () => {
  writeFileSync(inside("a"), "old");
  linkSync(inside("a"), inside("old-inode"));
  chmodSync(inside("a"), 0o640);
  await file({ op: "write", path: "a", content: "new" });
  expect(readFileSync(inside("old-inode"), "utf8")).toBe("old");
  expect(readFileSync(inside("a"), "utf8")).toBe("new");
  expect(statSync(inside("a")).mode & 0o777).toBe(0o640);
  expect(readdirSync(workspaceDir).sort()).toEqual(["a", "old-inode"]);
});

test("what is missing, in the way, binary, or too long is said in words", async () => {
  expect(await file({ op: "read", path: "nothing" })).toEqual({ ok: false, text: "nothing does not exist." });
  expect(await file({ op: "write", path: "x" })).toEqual({ ok: false, text: 'file write needs "content".' });
  mkdirSync(inside("d"));
  expect(await file({ op: "write", path: "d", content: "x" })).toMatchObject({ ok: false, text: "d is a folder." });
  expect(await file({ op: "delete", path: "." })).toMatchObject({ ok: false });
  writeFileSync(inside("there"), "");
  writeFileSync(inside("here"), "");
  expect(await file({ op: "move", path: "here", to: "there" })).toMatchObject({ ok: false });
  writeFileSync(inside("binary"), Buffer.from([1, 0, 2]));
  expect(await file({ op: "read", path: "binary" })).toEqual({ ok: true, text: "(a binary file of 3 bytes)" });
  writeFileSync(inside("long"), "y".repeat(300_000));
  expect((await file({ op: "read", path: "long" })).text).toContain("is cut here");
  expect(await file({ op: "read", path: "a\0b" })).toMatchObject({ ok: false });
});

test("a secret is put into what is written", async () => {
  await file({ op: "write", path: ".env", content: "KEY=SECRET_REF(api_key)\n" });
  expect(readFileSync(inside(".env"), "utf8")).toBe("KEY=value-of-api_key\n");
});
