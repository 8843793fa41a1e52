import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmod, cp, lstat, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { AppError, sha256Hex } from "@berth/platform";
import type { ExecOptions, ExecResult, FileState, Host, HostFile } from "./host.ts";

const execTimeoutMs = 60_000;

/** This machine, where a folder plays a server. There are no users: every file belongs to whoever runs this. */
export class ProcessHost implements Host {
  exec(argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    const [program = "", ...args] = argv;
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, { stdio: "pipe", timeout: options.timeoutMs ?? execTimeoutMs });
      let stdout = "";
      let stderr = "";
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        stdout += chunk;
      });
      child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
        stderr += chunk;
      });
      child.stdin.on("error", () => {});
      child.once("error", (cause) =>
        reject(new AppError("unavailable", "A program could not be started.", { cause, internal: program })),
      );
      child.once("close", (code) => resolve({ code, stdout, stderr }));
      child.stdin.end(options.stdin ?? "");
    });
  }

  async putFiles(files: readonly HostFile[]): Promise<void> {
    for (const file of files) await putFile(file);
  }

  async inspectFiles(paths: readonly string[]): Promise<Map<string, FileState>> {
    const states = new Map<string, FileState>();
    for (const file of paths) {
      const found = await lstat(file).catch(() => null);
      if (!found?.isFile()) continue;
      const mode = `0${(found.mode & 0o777).toString(8).padStart(3, "0")}`;
      states.set(file, { mode, owner: null, sha256: sha256Hex(await readFile(file)) });
    }
    return states;
  }

  async putTree(localDir: string, target: string): Promise<void> {
    await cp(localDir, target, { recursive: true, force: true });
  }

  async close(): Promise<void> {}
}

async function putFile({ path: file, content, mode }: HostFile): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}.new`;
  try {
    const handle = await open(draft, "wx", 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await chmod(draft, Number.parseInt(mode, 8));
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}
