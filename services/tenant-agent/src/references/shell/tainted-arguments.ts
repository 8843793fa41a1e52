import { type Assignment, type Command, forEachChild, parse, type SyntaxNode, type Word, type WordPart } from "unbash";
import { codeArguments, isBuiltin, isReader, literalOf, wordsOf } from "./programs.ts";

/** A program that would be given a secret in an argument, by way of a variable. */
export interface TaintedArgument {
  /** As it is written: `$token`. */
  variable: string;
  program: (string | null)[];
}

interface Taint {
  /** True for text with a reference in it. */
  isMarked: (text: string) => boolean;
  /** Variables whose text comes from a reference. */
  variables: Set<string>;
  functions: ReadonlySet<string>;
}

/** Positional parameters, under one name: which of them holds what is not followed. */
const positional = "1";

/**
 * The first argument of a program that is the value of a secret by way of variables, also inside the text that a shell is
 * given as code. What only comes out while it runs (`$(…)`, files) is left to the guard in the command itself.
 */
export function taintedArgument(
  script: SyntaxNode,
  isMarked: Taint["isMarked"],
  functions: ReadonlySet<string>,
): TaintedArgument | null {
  const taint: Taint = { isMarked, variables: new Set(), functions };
  spread(script, taint);
  return search(script, taint);
}

/** Assignments can come in any order and in loops: until nothing new is found. */
function spread(script: SyntaxNode, taint: Taint): void {
  for (let before = -1; before < taint.variables.size; ) {
    before = taint.variables.size;
    walk(script, (node) => {
      for (const name of boundBy(node, taint)) taint.variables.add(name);
    });
  }
}

function walk(node: SyntaxNode, look: (node: SyntaxNode) => void): void {
  look(node);
  forEachChild(node, (child) => walk(child, look));
}

function boundBy(node: SyntaxNode, taint: Taint): string[] {
  switch (node.type) {
    case "Assignment":
      return carries(node, taint) ? [node.name] : [];
    case "For":
    case "Select":
      return node.wordlist?.some((word) => carries(word, taint)) ? [node.name.value] : [];
    case "Command":
      return boundByCommand(node, taint);
    default:
      return [];
  }
}

function boundByCommand(node: Command, taint: Taint): string[] {
  const words = wordsOf(node);
  const name = words[0] ?? "";
  const bound: string[] = [];
  if ((taint.functions.has(name) || name === "set") && node.args.some((arg) => carries(arg, taint)))
    bound.push(positional);
  if (name === "printf" && words[1] === "-v" && words[2] && node.args.some((arg) => carries(arg, taint)))
    bound.push(words[2]);
  const given = node.redirects.some((redirect) => redirect.type !== "Redirect" && carriesInto(redirect, taint));
  if (isReader(name) && given) bound.push(...words.slice(1).filter((word) => word !== null), "REPLY", "MAPFILE");
  return bound;
}

const carriesInto = (redirect: Extract<SyntaxNode, { type: "HereDoc" | "HereString" }>, taint: Taint): boolean =>
  redirect.type === "HereDoc"
    ? taint.isMarked(redirect.body.text) || (redirect.body.parts?.some((part) => partCarries(part, taint)) ?? false)
    : redirect.target !== undefined && carries(redirect.target, taint);

function carries(word: Word | Assignment, taint: Taint): boolean {
  if (word.type === "Word") return wordCarries(word, taint);
  const { value } = word;
  return value.type === "Word" ? wordCarries(value, taint) : value.elements.some((item) => wordCarries(item, taint));
}

const wordCarries = (word: Word, taint: Taint): boolean =>
  word.parts === undefined ? taint.isMarked(word.text) : word.parts.some((part) => partCarries(part, taint));

function partCarries(part: WordPart, taint: Taint): boolean {
  switch (part.type) {
    case "CommandExpansion":
    case "ProcessSubstitution":
    case "ArithmeticExpansion":
      return false;
    case "DoubleQuoted":
    case "LocaleString":
      return part.parts.some((child) => partCarries(child, taint));
    case "SimpleExpansion":
      return taint.variables.has(variableOf(part.text.slice(1)));
    case "ParameterExpansion":
      return (part.prefix !== "#" && taint.variables.has(variableOf(part.parameter))) || taint.isMarked(part.text);
    default:
      return taint.isMarked(part.text);
  }
}

const variableOf = (name: string): string => (/^(?:\d+|[@*])$/.test(name) ? positional : name);

function search(script: SyntaxNode, taint: Taint): TaintedArgument | null {
  let found: TaintedArgument | null = null;
  walk(script, (node) => {
    if (node.type === "Command") found ??= inCommand(node, taint);
  });
  return found;
}

function inCommand(node: Command, taint: Taint): TaintedArgument | null {
  const [name, ...rest] = wordsOf(node);
  if (name === undefined) return null;
  if (name === null || !(isBuiltin(name) || taint.functions.has(name))) {
    const arg = node.args.find((word) => carries(word, taint));
    if (arg !== undefined) return { variable: shownVariable(arg, taint), program: [name, ...rest] };
  }
  // In the child's own shell the variables of its environment are variables too.
  const given = node.prefix.filter((item): item is Assignment => item.type === "Assignment" && carries(item, taint));
  const inner = { ...taint, variables: new Set([...taint.variables, ...given.map((item) => item.name)]) };
  for (const text of codeArguments(node)) {
    const code = parse(text);
    spread(code, inner);
    const found = search(code, inner);
    if (found !== null) return found;
  }
  return null;
}

function shownVariable(arg: Word | Assignment, taint: Taint): string {
  const names = [...taint.variables].map((name) => (name === positional ? "[0-9@*]" : name));
  return new RegExp(`\\$\\{?(?:${names.join("|")})`).exec(arg.text)?.[0].replace("{", "") ?? literalOf(arg) ?? "It";
}
