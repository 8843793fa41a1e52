import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { CommandJob, CommandResult, RunCommandArgs } from "@berth/contracts";
import type { z } from "zod";
import { injectSecrets } from "./inject-secrets.ts";
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
  const { command, variables } = injectSecrets(args.command, randomBytes(6).toString("hex"));
  const env = Object.fromEntries(
    Object.entries(variables).map(([variable, name]) => [variable, useSecret(name, "run_command")]),
  );
  const result = await runJob({ command, cwd, env, timeoutMs: args.timeoutMs ?? defaultTimeoutMs, maxOutputBytes });
  return { ok: result.exitCode === 0 && !result.timedOut, text: describe(result, redactCut) };
}

function describe(result: CommandResult, redactCut: (text: string) => string): string {
  const said = (text: string) => (result.truncated ? redactCut(text) : text).trimEnd();
  const parts = [said(result.stdout)];
  if (result.stderr.trim() !== "") parts.push(`stderr:\n${said(result.stderr)}`);
  if (result.truncated) parts.push("(the output was longer and is cut)");
  if (result.timedOut) parts.push("The command took too long and was stopped.");
  else if (result.signal !== null) parts.push(`The command was ended by ${result.signal}.`);
  else if (result.exitCode !== 0) parts.push(`Exit code ${result.exitCode}.`);
  return parts.filter((part) => part !== "").join("\n") || "(no output)";
}
