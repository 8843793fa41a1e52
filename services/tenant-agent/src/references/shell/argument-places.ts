import type { Assignment, Command, Redirection, SyntaxNode, Word } from "unbash";
import { fileOfCode, isCarrier, isDeclaring, literalOf, readsCodeFromInput, wordsOf } from "./programs.ts";

/** Why a reference cannot stand somewhere. */
export interface Refusal {
  kind: "refused";
  why: string;
  /** Words of the program in whose argument it would be: a way that works depends on it, and `$(…)` inside is another place. */
  program?: (string | null)[];
}
/** Where in a command a word stands: bash reads it as it is, as printf's format, or a value cannot be there. */
export type ArgumentPlace = Refusal | "value" | "printf format";

const code: Refusal = { kind: "refused", why: "code that another program or eval reads" };

/** Judges the direct children of a simple command. Null: nothing special. `functions`: those that the script defines. */
export function argumentPlaces(
  node: Command,
  functions: ReadonlySet<string>,
): (child: SyntaxNode) => ArgumentPlace | null {
  const name = node.name === undefined ? undefined : literalOf(node.name);
  const redirectsCode = readsCodeFromInput(node);
  const file = fileOfCode(node);
  const format = name === "printf" ? formatOf(node) : null;
  return (child) => {
    if (child === node.name) return { kind: "refused", why: "the name of a command" };
    if (child.type === "HereDoc" || child.type === "HereString") return redirectsCode ? code : null;
    if (child.type === "Redirect" || name === undefined || isPrefix(node, child)) return null;
    if (name === "eval" || name === "trap" || name === "let" || child === file) return code;
    if (name !== null && (functions.has(name) || takesValue(node, name, child as Word | Assignment)))
      return child === format ? "printf format" : "value";
    return {
      kind: "refused",
      why: `an argument of ${name ?? "a program"}, where anybody on the server could read it`,
      program: wordsOf(node),
    };
  };
}

const isPrefix = ({ prefix }: Command, child: SyntaxNode): boolean =>
  prefix.includes(child as Assignment | Redirection);

function takesValue(node: Command, name: string, word: Word | Assignment): boolean {
  if (isDeclaring(name))
    return isPlainDeclaration(node) && (word.type === "Assignment" || /^[A-Za-z_]\w*\+?=/.test(word.value));
  if (!isCarrier(name)) return false;
  const words = wordsOf(node);
  if (name === "test" || name === "[") return !words.includes("-v") && !words.includes("-R");
  if (name !== "printf") return true;
  return node.args.indexOf(word) >= node.args.indexOf(formatOf(node) ?? word);
}

/** `-i` computes with the value, `-n` takes it for a name, `-l` and `-u` change it. */
const isPlainDeclaration = (node: Command): boolean =>
  !wordsOf(node).some((word) => /^[-+]\w*[ilnuc]/.test(word ?? ""));

/** The first word of `printf` that is no option. */
function formatOf({ args }: Command): Word | Assignment | null {
  for (let at = 0; at < args.length; at += 1) {
    const word = literalOf(args[at]);
    if (word === "-v") at += 1;
    else if (word === "--") return args[at + 1] ?? null;
    else if (word === null || !/^-v/.test(word)) return args[at] ?? null;
  }
  return null;
}

/** Where `-- ` belongs so that a format which begins with a value is no option; null if there is no need. */
export function dashesBefore(node: Command, isMarked: (text: string) => boolean): number | null {
  if (node.name === undefined || literalOf(node.name) !== "printf") return null;
  const format = formatOf(node);
  if (format === null || !isMarked(format.text)) return null;
  return literalOf(node.args[node.args.indexOf(format) - 1]) === "--" ? null : format.pos;
}
