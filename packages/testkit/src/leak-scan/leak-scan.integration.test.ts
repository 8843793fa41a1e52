import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../postgres/test-database.ts";
import { scanSinks } from "./scan-sinks.ts";

const secret = "w4lk-Secret/with+odd~chars-91";
const base64At = (offset: number): string =>
  Buffer.from(`${"x".repeat(offset)}${secret} and more text after it`).toString("base64");

let folder = "";
let database: TestDatabase;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "berth-leak-"));
  database = await createTestDatabase(inject("postgresUrl"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

const inFiles = async (name: string, content: string | Buffer) => {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  const { findings } = await scanSinks(secret, [{ name: "files", kind: "files", roots: [folder] }]);
  rmSync(file);
  return findings;
};
const inDatabase = async () =>
  (await scanSinks(secret, [{ name: "database", kind: "database", url: database.url }])).findings;
const onDatabase = async (sql: string, values: unknown[]) => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(sql, values).finally(() => client.end());
};

describe("the scanner finds a leak planted in", () => {
  test("a log or an LLM request, in plain", async () => {
    const line = JSON.stringify({ messages: [{ role: "user", content: `use ${secret} please` }] });
    expect(await inFiles("llm-requests.jsonl", line)).toMatchObject([{ sink: "files", form: "plain" }]);
  });

  test.each([0, 1, 2])("a file, in base64 at alignment %i", async (offset) => {
    expect(await inFiles("run.log", base64At(offset))).toHaveLength(1);
    expect(await inFiles("run.log", Buffer.from(base64At(offset), "base64").toString("base64url"))).toHaveLength(1);
  });

  test("a packed archive", async () => {
    expect(await inFiles("session.jsonl.zst", zstdCompressSync(Buffer.from(secret)))).not.toEqual([]);
    expect(await inFiles("syslog.1.gz", gzipSync(secret))).not.toEqual([]);
  });

  test("a transcript in SQLite", async () => {
    const file = path.join(folder, "openclaw-agent.sqlite");
    const sqlite = new DatabaseSync(file);
    sqlite.exec("create table transcript_events (data text)");
    sqlite.prepare("insert into transcript_events values (?)").run(JSON.stringify({ text: secret }));
    sqlite.close();
    const { findings } = await scanSinks(secret, [{ name: "transcripts", kind: "files", roots: [folder] }]);
    rmSync(file);
    expect(findings).toHaveLength(1);
  });

  test("a row of the Hub's database, as text, as JSON and as bytes", async () => {
    await onDatabase("create table planted (a text, b jsonb, c bytea)", []);
    expect(await inDatabase()).toEqual([]);
    for (const row of [
      [secret, null, null],
      [null, JSON.stringify({ deep: [secret] }), null],
      [null, null, Buffer.from(base64At(1))],
    ]) {
      await onDatabase("insert into planted values ($1, $2, $3)", row);
      expect(await inDatabase()).toMatchObject([{ where: "public.planted" }]);
      await onDatabase("truncate planted", []);
    }
  });

  test("a place that is searched where it is, in the form in which an engine keeps wide text", async () => {
    const held = Buffer.from(`ü ${secret}`, "utf16le");
    const search = async (needles: Buffer[]) => ({
      bytesRead: held.length,
      found: needles.flatMap((bytes, needle) => (held.includes(bytes) ? [{ where: "memory", needle }] : [])),
    });
    const { findings } = await scanSinks(secret, [{ name: "memory", kind: "search", search }]);
    expect(findings).toEqual([{ sink: "memory", where: "memory", form: "utf-16" }]);
  });

  test("the payload of a job on Redis", async () => {
    const url = inject("redisUrl");
    if (!url) throw new Error("This test needs redis-server.");
    const queue = new Queue("leak", { connection: new Redis(url, { maxRetriesPerRequest: null }) });
    await queue.add("order.advance", { note: secret });
    const { findings } = await scanSinks(secret, [{ name: "jobs", kind: "redis", url }]);
    await queue.obliterate({ force: true });
    await queue.close();
    expect(findings.length).toBeGreaterThan(0);
  });
});

test("nothing is found where nothing is", async () => {
  expect(await inFiles("clean.log", "SECRET_REF(walk_secret) and other text")).toEqual([]);
});
