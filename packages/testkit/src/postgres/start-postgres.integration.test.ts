import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { startPostgres } from "./start-postgres.ts";

const folders: string[] = [];
const folder = () => {
  const dir = mkdtempSync(path.join(tmpdir(), "berth-postgres-test-"));
  folders.push(dir);
  return dir;
};
afterAll(() => {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test("a server left behind by a process that was killed with -9 is taken over with its data", async () => {
  const dir = path.join(folder(), "data");
  const module = new URL("./start-postgres.ts", import.meta.url).href;
  const program = `const { startPostgres } = await import(${JSON.stringify(module)});
    console.log((await startPostgres({ dir: ${JSON.stringify(dir)} })).url); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer]; // one line, the address
  await query(line.toString().trim(), "CREATE TABLE kept (n int)");
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
  const again = await startPostgres({ dir });
  expect(await query(again.url, "SELECT * FROM kept")).toEqual([]);
  await again.stop();
});

test("where no user namespace can be made, root hands the server to another account", async ({ skip }) => {
  if (process.getuid?.() !== 0) skip("only root needs another account");
  const dir = folder();
  const { PATH } = process.env;
  process.env.PATH = "/nowhere"; // so that there is no `unshare`
  try {
    const server = await startPostgres({ dir });
    expect(await query(server.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await server.stop();
  } finally {
    process.env.PATH = PATH;
  }
});

test("a server listens on the loopback address only", async () => {
  const server = await startPostgres({ dir: folder() });
  expect(await query(server.url, "SHOW listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
  expect(await query(server.url, "SHOW unix_socket_directories")).toEqual([{ unix_socket_directories: "" }]);
  await server.stop();
});
