import { type Command, forEachChild, type SyntaxNode } from "unbash";
import { dashesBefore } from "./argument-places.ts";
import { isBuiltin, literalOf } from "./programs.ts";

/** Names that one run of a command uses and nobody else knows. */
export interface GuardNames {
  guard: string;
  needles: string;
  /** Shell variables in the order in which their values come on descriptor 3. */
  variables: string[];
}

/**
 * One line before the command. It reads the values from descriptor 3 into variables that no child inherits, closes it, and
 * defines the guard: a program with a secret in one of its arguments is not started, however the secret came there.
 */
export const prologue = ({ guard, needles, variables }: GuardNames): string =>
  [
    ...variables.map((variable) => `IFS= read -r -d '' ${variable} <&3 || exit 125`),
    `mapfile -d '' -t ${needles} <&3`,
    "exec 3<&-",
    `readonly ${[...variables, needles].join(" ")}`,
    `${guard}() { if ! builtin declare -F -- "$1" >/dev/null; then local ${guard}_a ${guard}_n; for ${guard}_a; do ` +
      `for ${guard}_n in "\${${needles}[@]}"; do if [[ $${guard}_a == *"$${guard}_n"* ]]; then ` +
      `builtin printf 'berth: %s was not started: one of its arguments holds a secret, and arguments can be read by others. ` +
      `Hand it over by standard input, as <(printf %%s …), or as a variable before the command.\\n' "\${1:0:60}" >&2; ` +
      `return 126; fi; done; done; fi; "$@"; }`,
  ].join("; ");

/** The guard before each command that is, or could be, a program; `--` before a format of printf that is a value. */
export function insertions(script: SyntaxNode, guard: string, isMarked: (text: string) => boolean) {
  const found: { pos: number; end: number; text: string }[] = [];
  const insert = (pos: number, text: string) => found.push({ pos, end: pos, text });
  const visit = (node: SyntaxNode): void => {
    if (node.type === "Command" && node.name !== undefined) {
      if (startsProgram(node)) insert(node.name.pos, `${guard} `);
      const dashes = dashesBefore(node, isMarked);
      if (dashes !== null) insert(dashes, "-- ");
    }
    forEachChild(node, visit);
  };
  visit(script);
  return found;
}

/** `exec` without words only redirects. */
function startsProgram(node: Command): boolean {
  const name = node.name === undefined ? null : literalOf(node.name);
  if (name === "exec") return node.args.length > 0;
  return name === null || !isBuiltin(name);
}

/** What a needle is found by: whole values, and each long line of them, for `$t` without quotes makes words of lines. */
export function needlesOf(values: readonly string[]): string[] {
  const lines = values.flatMap((value) => value.split(/[\r\n]+/)).filter((line) => line.length >= 16);
  return [...new Set([...values.map((value) => value.replace(/\n+$/, "")), ...lines])].filter(
    (needle) => needle !== "",
  );
}
