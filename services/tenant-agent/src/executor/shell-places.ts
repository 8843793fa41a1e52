import { forEachChild, parse, type SyntaxNode } from "unbash";

/** How text at a place in a bash command is read by bash. */
export type ShellPlace =
  | { kind: "plain" | "double" | "single" | "ansi" | "heredoc" }
  /** A here-document whose delimiter is quoted: nothing in it expands. `delimiter` and `body` are offsets. */
  | {
      kind: "literalHeredoc";
      delimiter: { pos: number; end: number; value: string };
      body: { pos: number; end: number };
    }
  | { kind: "refused"; why: string };

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
const numericTests = new Set(["-eq", "-ne", "-lt", "-le", "-gt", "-ge"]);
const evaluators = new Set(["eval", "trap", "let"]);
const shells = /^(?:.*\/)?(?:bash|sh|dash|ksh|zsh|ash|busybox)$/;

/** For each offset, how bash reads it. A tolerated error could move a quote, so with one every place is refused. */
export function placesOf(command: string, offsets: number[]): ShellPlace[] {
  const script = parse(command);
  const error = script.errors?.[0];
  if (error) return offsets.map(() => ({ kind: "refused", why: `a command that cannot be parsed (${error.message})` }));
  const found = new Map<number, ShellPlace>();
  visit({ node: script, place: { kind: "plain" }, command, offsets, found });
  return offsets.map((at) => found.get(at) ?? { kind: "refused", why: "a comment or another place that is not run" });
}

interface Visit {
  node: SyntaxNode;
  place: ShellPlace;
  command: string;
  offsets: number[];
  found: Map<number, ShellPlace>;
}

function visit(input: Visit): void {
  const { node, command, offsets, found } = input;
  const place = placeInside(node, input.place, command);
  // Only these hold text of their own; a later, inner node overrides an outer one.
  const holdsText =
    /^(?:Word|Literal|Glob|.*Quoted|LocaleString|HereDocBody|.*Expansion|ExtendedGlob|HereDocDelimiter|ArithmeticCommand|ArithmeticFor)$/;
  if (holdsText.test(node.type) || place.kind === "refused") {
    for (const at of offsets) if (at >= node.pos && at < node.end) found.set(at, place);
  }
  if (node.type === "HereDoc") {
    visit({ ...input, node: node.body, place: place.kind === "refused" ? place : hereDocPlace(node) });
    if (node.delimiter) visit({ ...input, node: node.delimiter, place });
    return;
  }
  forEachChild(node, (child) => {
    visit({ ...input, node: child, place: childPlace(node, child, { inside: place, around: input.place }) });
  });
}

function placeInside(node: SyntaxNode, outer: ShellPlace, command: string): ShellPlace {
  if (outer.kind === "refused") return outer;
  const why = refusedNodes[node.type];
  if (why) return { kind: "refused", why };
  switch (node.type) {
    case "SingleQuoted":
      return { kind: "single" };
    case "AnsiCQuoted":
      return { kind: "ansi" };
    case "DoubleQuoted":
    case "LocaleString":
      return { kind: "double" };
    case "CommandExpansion":
      return command[node.pos] === "`" ? { kind: "refused", why: "backticks; write $(…)" } : { kind: "plain" };
    case "ProcessSubstitution":
      return { kind: "plain" };
    case "TestBinary":
      return numericTests.has(node.operator) ? { kind: "refused", why: "arithmetic" } : outer;
    case "Pipeline":
      return feedsShell(node) ? { kind: "refused", why: "a pipe into another shell" } : outer;
    case "Command":
      return evaluates(node) ? { kind: "refused", why: "code that another shell or eval reads again" } : outer;
    default:
      return outer;
  }
}

function childPlace(
  node: SyntaxNode,
  child: SyntaxNode,
  { inside, around }: { inside: ShellPlace; around: ShellPlace },
) {
  const hasName = node.type === "Function" || node.type === "For" || node.type === "Select" || node.type === "Coproc";
  if (hasName && child === node.name) return { kind: "refused", why: "a name" } as const;
  if (node.type === "Assignment" && child === node.index) return { kind: "refused", why: "an array index" } as const;
  // A variable given to a command is a value, also where the command's words would be code.
  const isVariable = node.type === "Command" && child.type === "Assignment" && node.prefix.includes(child);
  return isVariable ? around : inside;
}

function hereDocPlace(node: Extract<SyntaxNode, { type: "HereDoc" }>): ShellPlace {
  if (!node.delimiter?.quoted) return { kind: "heredoc" };
  const { pos, end, value } = node.delimiter;
  return { kind: "literalHeredoc", delimiter: { pos, end, value }, body: { pos: node.body.pos, end: node.body.end } };
}

type CommandNode = Extract<SyntaxNode, { type: "Command" }>;

/** Words of a command as far as they can be known without running it. */
const wordsOf = (node: CommandNode): string[] =>
  [node.name, ...node.args].flatMap((word) => (word?.type === "Word" ? [word.value] : []));

/** True for a command that reads text as code, where a value would be more than a value. */
function evaluates(node: CommandNode): boolean {
  const words = wordsOf(node);
  if (evaluators.has(words[0] ?? "")) return true;
  const isShell = words.some((word) => shells.test(word)) || (node.name?.parts?.length ?? 0) > 0;
  const readsInput = node.redirects.some(({ type }) => type === "HereDoc" || type === "HereString");
  return isShell && (readsInput || words.some((word) => /^-\w*c/.test(word)));
}

/** `… | bash` reads what comes through the pipe as code. */
const feedsShell = (node: Extract<SyntaxNode, { type: "Pipeline" }>): boolean =>
  node.commands
    .slice(1)
    .some((command) => command.type === "Command" && wordsOf(command).some((word) => shells.test(word)));
