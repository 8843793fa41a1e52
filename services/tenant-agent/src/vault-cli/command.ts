import { fail } from "@berth/platform";
import type { CallAgent } from "./call-agent.ts";

/** What the options of the command line hold. */
export interface CliOptions {
  tool?: string[] | undefined;
  host?: string[] | undefined;
  method?: string[] | undefined;
  nowhere?: boolean | undefined;
  generate?: boolean | undefined;
  replace?: boolean | undefined;
  head?: string[] | undefined;
  "key-file"?: string | undefined;
}

export interface CommandInput {
  args: string[];
  options: CliOptions;
  call: CallAgent;
  /** Asks for a value on standard input. */
  readSecret: (prompt: string) => Promise<string>;
}

/** Text for standard output, and the exit code. */
export interface CliResult {
  text: string;
  exitCode: number;
}

export interface Command {
  /** As in the help, after the name. */
  usage: string;
  help: string;
  /** How many arguments it takes at most. */
  args: number;
  /** Options that it takes; others are refused, so that nobody believes they did something. */
  options?: (keyof CliOptions)[];
  run: (input: CommandInput) => Promise<CliResult>;
}

export const done = (text: string): CliResult => ({ text, exitCode: 0 });

export const argument = (args: string[], what: string): string =>
  args[0] ?? fail("invalid_input", `${what} is missing.`);
