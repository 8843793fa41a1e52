import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { processLayout } from "./host-layout.ts";
import { filesInPlace } from "./host-step.ts";
import { freePorts } from "./process/free-ports.ts";
import { ProcessHost } from "./process-host.ts";

let dir: string;
const host = new ProcessHost();
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), "berth-process-host-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe("a folder as a host", () => {
  test("holds the files it was given, with their mode, and no drafts", async () => {
    const folder = path.join(dir, "made/on the way");
    const files = [
      { path: path.join(folder, "one"), content: "1", mode: "0600", owner: "" },
      { path: path.join(folder, "two"), content: "", mode: "0400", owner: "nobody:nobody" },
    ];
    await host.putFiles(files);
    await host.putFiles(files);
    expect(await filesInPlace(host, files)).toBe(true);
    expect(readdirSync(folder)).toEqual(["one", "two"]);
    writeFileSync(files[0]!.path, "changed");
    expect(await filesInPlace(host, files)).toBe(false);
  });

  test("does not take a link for a file", async () => {
    const target = path.join(dir, "target");
    writeFileSync(target, "x", { mode: 0o600 });
    symlinkSync(target, path.join(dir, "link"));
    expect([...(await host.inspectFiles([path.join(dir, "link"), target])).keys()]).toEqual([target]);
  });

  test("gives a program its input and hears how it ended", async () => {
    expect(await host.exec(["sh", "-c", "cat; exit 4"], { stdin: "in" })).toEqual({
      code: 4,
      stdout: "in",
      stderr: "",
    });
    await expect(host.exec(["/no/such/program"])).rejects.toMatchObject({ code: "unavailable" });
  });
});

describe("the layout of a folder", () => {
  const ports = { gateway: 1, llm: 2, forward: 3, channel: 4 };
  const socketsIn = (rootDir: string) => Object.values(processLayout({ rootDir, openclawDir: "/oc", ports }).sockets);

  test("keeps socket paths under the kernel's limit however deep the folder is", () => {
    const deep = `/${"a-long-name/".repeat(20)}server`;
    for (const root of ["/srv/one", deep]) {
      for (const socket of socketsIn(root)) expect(Buffer.byteLength(socket)).toBeLessThan(104);
    }
    expect(socketsIn("/srv/one").every((socket) => socket.startsWith("/srv/one/"))).toBe(true);
  });

  test("gives two deep folders different sockets", () => {
    const deep = `/${"a-long-name/".repeat(20)}`;
    expect(socketsIn(`${deep}one`)).not.toEqual(socketsIn(`${deep}two`));
  });

  test("free ports are different from each other", async () => {
    const found = await freePorts(5);
    expect(new Set(found).size).toBe(5);
    for (const port of found) expect(port).toBeGreaterThan(1023);
  });
});
