/** `berth-vault`: the vault from the machine's own console, through the agent's admin socket. */
import { parseArgs } from "node:util";
import { appErrorOf, fail } from "@berth/platform";
import { z } from "zod";
import { AgentAway, createCallAgent } from "./vault-cli/call-agent.ts";
import { type CliResult, type Command, done } from "./vault-cli/command.ts";
import { defaultKeyFile, keyCommands } from "./vault-cli/key-commands.ts";
import { readValue } from "./vault-cli/read-value.ts";
import { secretCommands } from "./vault-cli/secret-commands.ts";

const defaultSocket = "/run/berth/admin/agent.sock";

/** 64 and 69 are those of sysexits.h. */
const exitCodes = { done: 0, refused: 1, faultFound: 2, usedWrongly: 64, agentAway: 69 } as const;

const status: Command = {
  usage: "",
  help: "the agent's own state, as JSON",
  args: 0,
  run: async ({ call }) => done(JSON.stringify(await call(z.unknown(), "GET", "/v1/status"), null, 2)),
};
const commands: Record<string, Command> = { ...secretCommands, ...keyCommands, status };

const usage = `berth-vault [--socket PATH] COMMAND
Secrets stay on this server: values are read from standard input and never printed.

${Object.entries(commands)
  .map(([name, command]) => `  ${name} ${command.usage}`.trimEnd().concat(`\n      ${command.help}`))
  .join("\n")}

Exit codes: 0 done, 1 refused (the reason is on standard error), 2 verify found a fault, 64 used wrongly,
69 the agent does not answer. --socket is ${defaultSocket} and --key-file ${defaultKeyFile} if not given.`;

const options = {
  socket: { type: "string" },
  "key-file": { type: "string" },
  tool: { type: "string", multiple: true },
  host: { type: "string", multiple: true },
  method: { type: "string", multiple: true },
  head: { type: "string", multiple: true },
  nowhere: { type: "boolean" },
  generate: { type: "boolean" },
  replace: { type: "boolean" },
  help: { type: "boolean" },
} as const;

function parse(argv: string[]) {
  try {
    return parseArgs({ args: argv, allowPositionals: true, options });
  } catch {
    // Its own message quotes what was typed, which may be a value that strayed here.
    return fail("invalid_input", "There is an option that berth-vault does not know. See berth-vault --help");
  }
}

export interface VaultCliInput {
  argv: string[];
  /** Reads a value from standard input. */
  readSecret: (prompt: string) => Promise<string>;
}

/** Text for standard output and the exit code. Throws with a public message if the agent refuses or is not there. */
export async function runVaultCli({ argv, readSecret }: VaultCliInput): Promise<CliResult> {
  const { values, positionals } = parse(argv);
  const { socket, help, ...given } = values;
  const [name, ...args] = positionals;
  if (help || name === undefined || name === "help") return done(usage);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) return fail("invalid_input", "berth-vault has no such command. See berth-vault --help");
  refuseStrays(name, command, args, Object.keys(given));
  const call = createCallAgent(socket ?? defaultSocket);
  return command.run({ args, options: given, call, readSecret });
}

function refuseStrays(name: string, command: Command, args: string[], given: string[]): void {
  if (args.length > command.args) {
    const lead = `${name} takes ${command.args === 0 ? "no argument" : "one argument"}.`;
    fail("invalid_input", `${lead} A value is never an argument, as others can read those: give it on standard input.`);
  }
  const stray = given.find((option) => !command.options?.some((taken) => taken === option));
  if (stray) fail("invalid_input", `${name} takes no --${stray}. See berth-vault --help`);
}

/** What a failure says and how the process ends; a value is in neither. */
export function failureOf(thrown: unknown): CliResult {
  const { code, publicMessage } = appErrorOf(thrown);
  if (thrown instanceof AgentAway) return { text: publicMessage, exitCode: exitCodes.agentAway };
  return { text: publicMessage, exitCode: code === "invalid_input" ? exitCodes.usedWrongly : exitCodes.refused };
}

if (import.meta.main) {
  const say = (text: string) => void process.stderr.write(text);
  const readSecret = (prompt: string) => readValue(process.stdin, say, prompt);
  const result = await runVaultCli({ argv: process.argv.slice(2), readSecret }).then(
    ({ text, exitCode }) => ({ text, exitCode, out: process.stdout }),
    (thrown) => ({ ...failureOf(thrown), out: process.stderr }),
  );
  result.out.write(`${result.text}\n`);
  process.exitCode = result.exitCode;
}
