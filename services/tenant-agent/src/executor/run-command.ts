import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { CommandJob, CommandResult, RunCommandArgs } from "@berth/contracts";
import type { z } from "zod";
import { feedWords } from "../references/shell/feed-words.ts";
import { injectSecrets } from "../references/shell/inject-secrets.ts";
import type { ToolOutcome, ToolRunInput } from "./tool-run.ts";
import { placeInWorkspace } from "./workspace.ts";

const defaultTimeoutMs = 60_000;
const maxOutputBytes = 200_000;

/** Hands one job to the command unit. Throws `unavailable` if it cannot be reached. */
export type RunJob = (job: CommandJob) => Promise<CommandResult>;

export interface RunCommandDeps {
  workspaceDir: string;
  runJob: RunJob;
}

/** Runs a bash command in the workspace under the command unit's own uid. */
export async function runCommand(
  { workspaceDir, runJob }: RunCommandDeps,
  { args, useSecret, redactCut }: ToolRunInput<z.infer<typeof RunCommandArgs>>,
): Promise<ToolOutcome> {
  const cwd = join(workspaceDir, placeInWorkspace(workspaceDir, args.cwd ?? ".").shown);
  const { command, feed } = injectSecrets(args.command, randomBytes(6).toString("hex"));
  const secrets = feedWords(feed, (name) => useSecret(name, "run_command"));
  const timeoutMs = args.timeoutMs ?? defaultTimeoutMs;
  const result = await runJob({ command, cwd, secrets, timeoutMs, maxOutputBytes });
  return { ok: result.exitCode === 0 && !result.timedOut, text: describe(result, redactCut) };
}

function describe(result: CommandResult, redactCut: (text: string) => string): string {
  // What was ended in the middle may have been printing a value.
  const isCut = result.truncated || result.timedOut || result.signal !== null;
  const said = (text: string) => (isCut ? redactCut(text) : text).trimEnd();
  const parts = [said(result.stdout)];
  if (result.stderr.trim() !== "") parts.push(`stderr:\n${said(result.stderr)}`);
  if (result.truncated) parts.push("(the output was longer and is cut)");
  if (result.timedOut) parts.push("The command took too long and was stopped.");
  else if (result.signal !== null) parts.push(`The command was ended by ${result.signal}.`);
  else if (result.exitCode !== 0) parts.push(`Exit code ${result.exitCode}.`);
  return parts.filter((part) => part !== "").join("\n") || "(no output)";
}
