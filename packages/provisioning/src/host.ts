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

/** A file with its whole content, which may be secret. */
export interface HostFile {
  path: string;
  content: string;
  /** As `chmod` wants it: `0640`. */
  mode: string;
  /** `user:group`; a host without users ignores it. */
  owner: string;
}

/** What a file is now. `owner` is null on a host without users. */
export interface FileState {
  mode: string;
  owner: string | null;
  sha256: string;
}

/** A server while it is set up. Content and stdin may be secret; argv and paths never are. */
export interface Host {
  exec(argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /** Replaces each file as a whole: a reader sees the old content or the new one. Makes missing folders. */
  putFiles(files: readonly HostFile[]): Promise<void>;
  /** The regular files among these paths, by path; what is absent is left out. */
  inspectFiles(paths: readonly string[]): Promise<Map<string, FileState>>;
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
