import { type Command, forEachChild, type Script, type SyntaxNode } from "unbash";
import { type ArgumentPlace, argumentPlaces, type Refusal } from "./argument-places.ts";
import { readsCodeFromInput, wordsOf } from "./programs.ts";

/** How text at a place in a bash command is read by bash. */
export type ShellPlace =
  | { kind: "plain" | "double" | "single" | "ansi" | "heredoc"; printfFormat: boolean }
  /** A here-document whose delimiter is quoted: nothing in it expands. `delimiter` and `body` are offsets. */
  | {
      kind: "literalHeredoc";
      delimiter: { pos: number; end: number; value: string };
      body: { pos: number; end: number };
    }
  | Refusal;

const refusedNodes: Partial<Record<SyntaxNode["type"], string>> = {
  SimpleExpansion: "the name of a variable",
  ParameterExpansion: "a ${…} expansion",
  ArithmeticExpansion: "arithmetic",
  ArithmeticCommand: "arithmetic",
  ArithmeticFor: "arithmetic",
  BraceExpansion: "a brace expansion",
  ExtendedGlob: "a pattern",
  HereDocDelimiter: "the delimiter of a here-document",
  FileDescriptorVariable: "a redirection",
};
const evaluatedTests = new Set(["-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-v", "-R"]);

/** For each offset, how bash reads it. */
export function placesOf(
  script: Script,
  command: string,
  offsets: number[],
  functions: ReadonlySet<string>,
): ShellPlace[] {
  const found = new Map<number, ShellPlace>();
  visit({ node: script, place: plain, command, offsets, found, functions });
  return offsets.map((at) => found.get(at) ?? { kind: "refused", why: "a comment or another place that is not run" });
}

const plain: ShellPlace = { kind: "plain", printfFormat: false };

interface Visit {
  node: SyntaxNode;
  place: ShellPlace;
  command: string;
  offsets: number[];
  found: Map<number, ShellPlace>;
  functions: ReadonlySet<string>;
}

/** Only these hold text of their own; a later, inner node overrides an outer one. */
const holdsText =
  /^(?:Word|Literal|Glob|.*Quoted|LocaleString|HereDocBody|.*Expansion|ExtendedGlob|HereDocDelimiter|ArithmeticCommand|ArithmeticFor)$/;

function visit(input: Visit): void {
  const { node, command, offsets, found } = input;
  const place = placeInside(node, input.place, command);
  if (holdsText.test(node.type) || place.kind === "refused") {
    for (const at of offsets) if (at >= node.pos && at < node.end) found.set(at, place);
  }
  if (node.type === "HereDoc") {
    visit({ ...input, node: node.body, place: place.kind === "refused" ? place : hereDocPlace(node) });
    if (node.delimiter) visit({ ...input, node: node.delimiter, place });
    return;
  }
  const argumentPlace = node.type === "Command" ? argumentPlaces(node, input.functions) : () => null;
  forEachChild(node, (child) => {
    visit({
      ...input,
      node: child,
      place: placeOfArgument(argumentPlace(child), place) ?? childPlace(node, child, place),
    });
  });
}

/** A refusal that comes from further out stays. */
function placeOfArgument(own: ArgumentPlace | null, outer: ShellPlace): ShellPlace | null {
  if (own === null || outer.kind === "refused") return null;
  if (own === "value") return plain;
  return own === "printf format" ? { kind: "plain", printfFormat: true } : own;
}

function placeInside(node: SyntaxNode, outer: ShellPlace, command: string): ShellPlace {
  const isScript = node.type === "CommandExpansion" || node.type === "ProcessSubstitution";
  // What stands in an argument is one thing, what a command in it is given another.
  if (outer.kind === "refused" && !(isScript && outer.program !== undefined)) return outer;
  const why = refusedNodes[node.type];
  if (why) return { kind: "refused", why };
  const printfFormat = "printfFormat" in outer && outer.printfFormat;
  switch (node.type) {
    case "SingleQuoted":
      return { kind: "single", printfFormat };
    case "AnsiCQuoted":
      return { kind: "ansi", printfFormat };
    case "DoubleQuoted":
    case "LocaleString":
      return { kind: "double", printfFormat };
    case "CommandExpansion":
      return command[node.pos] === "`" ? { kind: "refused", why: "backticks; write $(…)" } : plain;
    case "ProcessSubstitution":
      return plain;
    case "TestBinary":
    case "TestUnary":
      return evaluatedTests.has(node.operator) ? { kind: "refused", why: "arithmetic" } : outer;
    case "Redirect":
      return { kind: "refused", why: "the name of a file, which anybody can list" };
    case "Pipeline":
      return feedsCode(node) ? { kind: "refused", why: "code that another program reads" } : outer;
    default:
      return outer;
  }
}

function childPlace(node: SyntaxNode, child: SyntaxNode, inside: ShellPlace): ShellPlace {
  const hasName = node.type === "Function" || node.type === "For" || node.type === "Select" || node.type === "Coproc";
  if (hasName && child === node.name) return { kind: "refused", why: "a name" };
  if (node.type === "Assignment" && child === node.index) return { kind: "refused", why: "an array index" };
  if (node.type === "Assignment" && reserved.test(node.name))
    return { kind: "refused", why: `${node.name}, which bash reads in a way of its own` };
  if (node.type === "For" && reserved.test(node.name.value) && node.wordlist?.includes(child as never))
    return { kind: "refused", why: `${node.name.value}, which bash reads in a way of its own` };
  return inside;
}

/** Variables whose text bash expands, computes with or obeys (Bash manual, "Bash Variables"). */
const reserved =
  /^(?:PS[0-4]|PROMPT_.*|BASH.*|ENV|IFS|PATH|CDPATH|HOME|S?RANDOM|SECONDS|OPTIND|LINENO|EPOCH.*|COMP_.*|HIST.*|MAIL.*|GLOBIGNORE|EXECIGNORE|FIGNORE|SHELL.*|POSIXLY_CORRECT|TMOUT|DIRSTACK|FUNC.*|GROUPS|UID|EUID|PPID|PIPESTATUS|LC_.*|LANG.*|TEXTDOMAIN.*|LD_.*)$/;

function hereDocPlace(node: Extract<SyntaxNode, { type: "HereDoc" }>): ShellPlace {
  if (!node.delimiter?.quoted) return { kind: "heredoc", printfFormat: false };
  const { pos, end, value } = node.delimiter;
  return { kind: "literalHeredoc", delimiter: { pos, end, value }, body: { pos: node.body.pos, end: node.body.end } };
}

/** `… | bash` reads what comes through the pipe as code; `… | xargs` makes arguments of it. */
const feedsCode = (node: Extract<SyntaxNode, { type: "Pipeline" }>): boolean =>
  node.commands.slice(1).some((command) => command.type === "Command" && takesInputApart(command));

const takesInputApart = (command: Command): boolean =>
  readsCodeFromInput(command) || wordsOf(command).some((word) => /^(?:.*\/)?(?:xargs|parallel)$/.test(word ?? ""));
