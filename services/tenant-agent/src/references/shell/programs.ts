import type { Command, CommandArgument, Word } from "unbash";

/** Builtins whose words may hold a value: bash works on them itself, as they are. */
const carriers = new Set(["printf", "echo", "test", "[", ":", "true", "false", "set"]);
const declaring = new Set(["declare", "typeset", "local", "export", "readonly"]);

/** Names that bash runs itself, so that their words are in no process's argv. Not those that start another program. */
const builtins = new Set(
  `. : [ alias bg bind break caller cd compgen complete compopt continue declare dirs disown echo enable eval exit export
   false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly
   return set shift shopt source suspend test times trap true type typeset ulimit umask unalias unset wait`.split(
    /\s+/,
  ),
);

export const isCarrier = (name: string): boolean => carriers.has(name);
export const isDeclaring = (name: string): boolean => declaring.has(name);
export const isBuiltin = (name: string): boolean => builtins.has(name);
export const isReader = (name: string): boolean => /^(?:read|mapfile|readarray)$/.test(name);

const shells = /^(?:.*\/)?(?:bash|sh|dash|ksh|zsh|ash|busybox)$/;
const interpreters = /^(?:.*\/)?(?:python[\d.]*|perl|ruby|node|deno|bun|php|lua[\d.]*|tclsh|Rscript)$/;

export const isShell = (word: string): boolean => shells.test(word);

/** The word as it comes out; null if an expansion decides that. */
export function literalOf(word: CommandArgument | undefined): string | null {
  if (word?.type !== "Word") return null;
  const certain = (part: NonNullable<Word["parts"]>[number]): boolean =>
    part.type === "DoubleQuoted" ? part.parts.every(certain) : /^(?:Literal|SingleQuoted|AnsiCQuoted)$/.test(part.type);
  return word.parts === undefined || word.parts.every(certain) ? word.value : null;
}

/** Words of a command, name first; null for one that is only known while it runs. */
export const wordsOf = (node: Command): (string | null)[] =>
  node.name === undefined ? [] : [literalOf(node.name), ...node.args.map(literalOf)];

/** The texts that a command hands to a shell as code (`bash -c '…'`, `eval …`, `trap …`), as far as they are known. */
export function codeArguments(node: Command): string[] {
  const words = wordsOf(node);
  if (words[0] === "eval")
    return [
      words
        .slice(1)
        .filter((word) => word !== null)
        .join(" "),
    ];
  if (words[0] === "trap") return words.slice(1, 2).filter((word) => word !== null);
  const shell = words.findIndex((word) => word !== null && isShell(word));
  const option = words.findIndex((word, at) => shell >= 0 && at > shell && /^-\w*c\w*$/.test(word ?? ""));
  const code = option < 0 ? null : words[option + 1];
  return typeof code === "string" ? [code] : [];
}

interface CodeRunner {
  /** Words after the shell's or interpreter's own name, and their nodes. */
  rest: (string | null)[];
  nodes: readonly CommandArgument[];
  isShell: boolean;
}

/** The shell or interpreter that a command runs, behind wrappers too (`env bash`); null if there is none. */
function codeRunner(node: Command): CodeRunner | null {
  const words = wordsOf(node);
  const at = words.findIndex((word) => word !== null && (isShell(word) || interpreters.test(word)));
  if (at < 0) return null;
  return { rest: words.slice(at + 1), nodes: node.args.slice(at), isShell: isShell(words[at] ?? "") };
}

const givesCode = /^(?:-\w*[ceEnpm]|--eval|--print|-e.*)$/;

/** True for a shell or interpreter that reads its standard input as code: `bash`, `bash -s`, `python3 -`, `env perl`. */
export function readsCodeFromInput(node: Command): boolean {
  const runner = codeRunner(node);
  if (runner === null) return node.name !== undefined && literalOf(node.name) === null;
  const { rest } = runner;
  if (rest.includes("-") || (runner.isShell && rest.some((word) => /^-\w*s$/.test(word ?? "")))) return true;
  if (rest.some((word) => givesCode.test(word ?? ""))) return false;
  return rest.every((word) => word?.startsWith("-") === true);
}

/** The argument whose file is read as code: `. FILE`, `bash FILE`, `python3 FILE`. */
export function fileOfCode(node: Command): CommandArgument | null {
  if (node.name !== undefined && /^(?:\.|source)$/.test(literalOf(node.name) ?? "")) return node.args[0] ?? null;
  const runner = codeRunner(node);
  if (runner === null || runner.rest.some((word) => givesCode.test(word ?? ""))) return null;
  return runner.nodes[runner.rest.findIndex((word) => !word?.startsWith("-"))] ?? null;
}
