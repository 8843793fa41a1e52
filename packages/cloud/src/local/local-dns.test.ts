import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLocalDns } from "./local-dns.ts";

let labDir = "";
beforeEach(async () => {
  labDir = await mkdtemp(path.join(tmpdir(), "berth-dns-"));
});
afterEach(() => rm(labDir, { recursive: true }));

test("a record that was written is found, changed and deleted, each as often as one likes", async () => {
  const dns = createLocalDns({ labDir });
  expect(await dns.findRecord("acme.berth.test")).toBeNull();
  await dns.upsertRecord({ name: "acme.berth.test", ipv4: "10.88.0.11" });
  await dns.upsertRecord({ name: "acme.berth.test", ipv4: "10.88.0.12" });
  expect(await createLocalDns({ labDir }).findRecord("acme.berth.test")).toEqual({
    name: "acme.berth.test",
    ipv4: "10.88.0.12",
  });
  await dns.deleteRecord("acme.berth.test");
  await dns.deleteRecord("acme.berth.test");
  expect(await dns.findRecord("acme.berth.test")).toBeNull();
});

test("many writers at once lose no record and leave no drafts", async () => {
  const names = Array.from({ length: 20 }, (_, index) => `t${index}.berth.test`);
  await Promise.all(names.map((name) => createLocalDns({ labDir }).upsertRecord({ name, ipv4: "10.88.0.20" })));
  expect((await readdir(path.join(labDir, "dns"))).sort()).toEqual(names.map((name) => `${name}.json`).sort());
});

test("what is no name or no address is refused, so that no path can be made of it", async () => {
  const dns = createLocalDns({ labDir });
  for (const name of ["", "../up", "a/b", "A.test", "-a.test", "a..test"]) {
    await expect(dns.upsertRecord({ name, ipv4: "10.0.0.1" })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(dns.findRecord(name)).rejects.toMatchObject({ code: "invalid_input" });
  }
  await expect(dns.upsertRecord({ name: "a.test", ipv4: "10.0.0.256" })).rejects.toMatchObject({
    code: "invalid_input",
  });
});
