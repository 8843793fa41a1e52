import { spawnSync } from "node:child_process";
import { chownSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/** How to start a program that refuses to run as root. `own` hands it a file or folder that root made for it. */
export interface Unprivileged {
  wrap: string[];
  uid?: number;
  gid?: number;
  own(path: string): void;
}

const inUserNamespace = ["unshare", "--user", "--map-user=1000", "--map-group=1000"];

function accountOf(name: string): { uid: number; gid: number } | null {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null;
}

function chownTree(folder: string, uid: number, gid: number): void {
  chownSync(folder, uid, gid);
  if (!statSync(folder).isDirectory()) return;
  for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    chownSync(path.join(folder, entry), uid, gid);
  }
}

/**
 * Postgres refuses uid 0. A user namespace gives it another uid and leaves file ownership alone; where the kernel or a
 * container's seccomp profile forbids one, the account `postgres` or `nobody` is used. Nobody but root needs either.
 */
export function unprivileged(): Unprivileged {
  if (process.getuid?.() !== 0) return { wrap: [], own: () => {} };
  const [unshare = "unshare", ...args] = inUserNamespace;
  if (spawnSync(unshare, [...args, "true"]).status === 0) return { wrap: inUserNamespace, own: () => {} };
  const account = accountOf("postgres") ?? accountOf("nobody");
  if (!account) throw new Error("Postgres can't run as root, and there is no user namespace and no account `nobody`.");
  return { wrap: [], ...account, own: (folder) => chownTree(folder, account.uid, account.gid) };
}
