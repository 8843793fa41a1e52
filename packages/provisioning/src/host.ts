import { AppError } from "@berth/platform";

export interface ExecResult {
  /** Exit code; null when a signal ended the command. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface ExecOptions {
  stdin?: string | Uint8Array;
  /** Milliseconds, 60000 if absent. */
  timeoutMs?: number;
}

/** Mode as `chmod` wants it (`0640`), owner as `user:group`; a host without users ignores the owner. */
export interface FilePlacement {
  mode: string;
  owner: string;
}

/** A server while it is set up. Content and stdin may be secret; argv and paths never are. */
export interface Host {
  exec(argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /** Replaces the file as a whole: a reader sees the old content or the new one. */
  putFile(path: string, content: string | Uint8Array, placement: FilePlacement): Promise<void>;
  /** Copies the folder's content to `path`, replacing what has the same name. Owner is root. */
  putTree(localDir: string, path: string): Promise<void>;
  close(): Promise<void>;
}

/** Runs and insists on exit code 0. The error names the program and its stderr, never stdin. */
export async function run(host: Host, argv: readonly string[], options?: ExecOptions): Promise<string> {
  const result = await host.exec(argv, options);
  if (result.code === 0) return result.stdout;
  throw new AppError("unavailable", "A command on the server failed.", {
    internal: `${argv[0]} ended with ${result.code}: ${result.stderr.slice(-2000)}`,
  });
}

/** Runs a short `sh` script; `values` are its `$1`, `$2`… so that nothing is ever pasted into the script. */
export const script = (text: string, ...values: string[]): string[] => ["sh", "-eu", "-c", text, "sh", ...values];

/** True when the script ends with 0. */
export const holds = async (host: Host, text: string, ...values: string[]): Promise<boolean> =>
  (await host.exec(script(text, ...values))).code === 0;

/** argv as one line for a remote shell. */
export const quoteArgv = (argv: readonly string[]): string =>
  argv.map((word) => (/^[A-Za-z0-9_\-./:=@,+]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ");
