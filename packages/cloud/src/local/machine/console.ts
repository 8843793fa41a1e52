import { fail } from "@berth/platform";
import { labOf } from "../lab-paths.ts";
import { type CommandOutcome, runForOutcome } from "../run-command.ts";
import { guestInit } from "./supervisor.ts";

export interface ConsoleCommand {
  labDir: string;
  name: string;
  argv: readonly string[];
  stdin?: string | Uint8Array;
  timeoutMs?: number;
}

/**
 * Runs a program as root on a server of the lab, from its console: no network, no SSH, no key. For tests and for looking.
 * Answers the exit code (null: ended by a signal or the timeout), stdout and stderr. Throws `unavailable` while it is off.
 */
export async function runOnServer(command: ConsoleCommand): Promise<CommandOutcome> {
  const init = await guestInit(labOf(command.labDir), command.name);
  if (init === null) fail("unavailable", `Server ${command.name} is not running.`);
  const enter = ["--target", String(init), "--mount", "--uts", "--ipc", "--net", "--pid", "--root", "--wd"];
  const clean = [
    "env",
    "-i",
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME=/root",
    "LANG=C.UTF-8",
  ];
  return runForOutcome(["nsenter", ...enter, "--", ...clean, ...command.argv], {
    ...(command.stdin !== undefined ? { stdin: command.stdin } : {}),
    ...(command.timeoutMs !== undefined ? { timeoutMs: command.timeoutMs } : {}),
  });
}
