import { spawn } from "node:child_process";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { AppError, appErrorOf, fail, reveal, type Secret, untilTrue } from "@berth/platform";
import ssh2, { type ClientChannel, type ConnectConfig } from "ssh2";
import {
  type ExecOptions,
  type ExecResult,
  type FileState,
  type Host,
  type HostFile,
  quoteArgv,
  run,
  script,
} from "./host.ts";

export interface SshTarget {
  /** Opens a byte stream to the server's port, however it is reached. */
  openStream(port: number): Promise<Duplex>;
  /** One line, `ssh-ed25519 AAAA…`: the only host key that is accepted. */
  hostPublicKey: string;
  privateKey: Secret;
}

const readyTimeoutMs = 15_000;
const execTimeoutMs = 60_000;
const treeTimeoutMs = 300_000;

/** Logs in as root over the provider's stream. Throws `unavailable` if nothing answers, `unauthenticated` for a wrong host key. */
export async function connectSsh(target: SshTarget): Promise<SshHost> {
  const pinned = Buffer.from(target.hostPublicKey.split(" ")[1] ?? "", "base64");
  if (pinned.length === 0) fail("invalid_input", "The pinned host key is not in OpenSSH's format.");
  const sock = await target.openStream(22);
  // Many small questions and answers: waiting to fill a packet would cost 40 ms each.
  if (sock instanceof Socket) sock.setNoDelay(true);
  const client = new ssh2.Client();
  let wrongKey = false;
  const settings: ConnectConfig = {
    sock,
    username: "root",
    privateKey: reveal(target.privateKey),
    readyTimeout: readyTimeoutMs,
    keepaliveInterval: 10_000,
    algorithms: { serverHostKey: ["ssh-ed25519"] },
    hostVerifier: (key: Buffer) => {
      wrongKey = !key.equals(pinned);
      return !wrongKey;
    },
  };
  try {
    await new Promise<void>((resolve, reject) => {
      client.once("ready", resolve).on("error", reject);
      client.once("close", () => reject(new Error("the connection was closed")));
      client.connect(settings);
    });
  } catch (cause) {
    client.destroy();
    sock.destroy();
    if (wrongKey) fail("unauthenticated", "The server does not hold the host key that it was ordered with.", { cause });
    throw new AppError("unavailable", "The server does not answer over SSH.", { cause, internal: String(cause) });
  }
  return new SshHost(client, sock);
}

/** `connectSsh`, tried again while nothing answers: sshd restarts once in a server's first boot. */
export async function connectSshPatiently(target: SshTarget, timeoutMs = 30_000): Promise<SshHost> {
  let last: unknown;
  const attempt = () =>
    connectSsh(target).catch((error: unknown) => {
      if (appErrorOf(error).code !== "unavailable") throw error;
      last = error;
      return null;
    });
  return untilTrue(attempt, { timeoutMs, intervalMs: 250 }).catch((error: unknown) => {
    throw last ?? error;
  });
}

/** A server over one SSH connection. Each call is a channel of its own. */
export class SshHost implements Host {
  readonly #client: ssh2.Client;
  readonly #sock: Duplex;

  constructor(client: ssh2.Client, sock: Duplex) {
    this.#client = client;
    this.#sock = sock;
  }

  async exec(argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    const { outcome, channel } = await this.#start(argv, options.timeoutMs ?? execTimeoutMs);
    channel.end(options.stdin ?? "");
    return outcome;
  }

  async putFiles(files: readonly HostFile[]): Promise<void> {
    // All contents follow each other on stdin; `head -c` takes exactly its share.
    const text = `umask 077
while [ $# -gt 0 ]; do
  t="$1.$$.new"; mkdir -p -m 0755 "$(dirname "$1")"; head -c "$4" > "$t"; [ "$(stat -c %s "$t")" = "$4" ]
  chown "$3" "$t"; chmod "$2" "$t"; sync "$t"; mv -fT "$t" "$1"; shift 4
done`;
    const contents = files.map((file) => Buffer.from(file.content));
    const values = files.flatMap((file, index) => [
      file.path,
      file.mode,
      file.owner,
      `${contents[index]?.length ?? 0}`,
    ]);
    await run(this, script(text, ...values), { stdin: Buffer.concat(contents) });
  }

  async inspectFiles(paths: readonly string[]): Promise<Map<string, FileState>> {
    const text = `for f; do
if [ -f "$f" ] && [ ! -L "$f" ]; then printf '%s %s %s\\n' "$(sha256sum < "$f" | cut -c1-64)" "$(stat -c '%04a %U:%G' "$f")" "$f"; fi
done`;
    const lines = (await run(this, script(text, ...paths))).split("\n").filter(Boolean);
    const states = lines.map((line): [string, FileState] => {
      const [sha256 = "", mode = "", owner = "", ...path] = line.split(" ");
      return [path.join(" "), { sha256, mode, owner }];
    });
    return new Map(states);
  }

  async putTree(localDir: string, path: string): Promise<void> {
    const unpack = script('mkdir -p "$1"; tar -x -f - -C "$1" --no-same-owner --no-same-permissions', path);
    const { outcome: unpacked, channel } = await this.#start(unpack, treeTimeoutMs);
    // Only now: what a child says before anybody listens is thrown away when it ends.
    const tar = spawn("tar", ["-C", localDir, "-cf", "-", "."], { stdio: ["ignore", "pipe", "pipe"] });
    let complaint = "";
    tar.stderr.on("data", (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    const packed = new Promise<number | null>((resolve, reject) => {
      tar.once("error", reject).once("close", resolve);
    });
    tar.stdout.pipe(channel);
    const [packCode, result] = await Promise.all([packed, unpacked]);
    if (packCode === 0 && result.code === 0) return;
    fail("unavailable", "Copying files to the server failed.", {
      internal: `${complaint}${result.stderr}`.slice(-2000),
    });
  }

  async close(): Promise<void> {
    this.#client.end();
    this.#client.destroy();
    this.#sock.destroy();
  }

  #start(
    argv: readonly string[],
    timeoutMs: number,
  ): Promise<{ outcome: Promise<ExecResult>; channel: ClientChannel }> {
    return new Promise((resolve, reject) => {
      const lost = () => reject(new AppError("unavailable", "The SSH connection to the server was lost."));
      this.#client.once("close", lost);
      const opened = (error: Error | undefined, channel: ClientChannel) => {
        this.#client.removeListener("close", lost);
        if (error) return lost();
        // In this very turn: a quick command's exit status may come in the same packet as the channel.
        const outcome = collect(channel, argv[0] ?? "", timeoutMs);
        outcome.catch(() => {});
        resolve({ outcome, channel });
      };
      try {
        this.#client.exec(quoteArgv(argv), opened);
      } catch {
        lost();
      }
    });
  }
}

function collect(channel: ClientChannel, program: string, timeoutMs: number): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    let exit: { code: number | null } | undefined;
    const timer = setTimeout(() => {
      channel.destroy();
      reject(new AppError("unavailable", "A command on the server took too long.", { internal: program }));
    }, timeoutMs);
    channel.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    channel.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    channel.on("error", () => {});
    channel.on("exit", (code: number | null) => {
      exit = { code };
    });
    channel.on("close", () => {
      clearTimeout(timer);
      if (exit) resolve({ ...exit, stdout, stderr });
      else reject(new AppError("unavailable", "The SSH connection to the server was lost.", { internal: program }));
    });
  });
}
