import { fail } from "@berth/platform";
import { secretRefPattern } from "@berth/policy";
import { parse, type Script, type SyntaxNode } from "unbash";
import { insertions, prologue } from "./guard.ts";
import { hintFor } from "./program-hints.ts";
import { definedFunctions, refuseUnguardable } from "./script-facts.ts";
import { placesOf, type ShellPlace } from "./shell-places.ts";
import { taintedArgument } from "./tainted-arguments.ts";

/** What bash reads from descriptor 3, each with a NUL after it: the value itself, or as printf's format prints it. */
export interface Feed {
  secret: string;
  form: "value" | "printf format";
}
export interface InjectedCommand {
  command: string;
  /** In the order in which the command reads them; empty for a command without references, which is left as it is. */
  feed: Feed[];
}

interface Ref {
  pos: number;
  end: number;
  name: string;
}
interface Edit {
  pos: number;
  end: number;
  text: string;
}
type LiteralHeredoc = Extract<ShellPlace, { kind: "literalHeredoc" }>;

/**
 * Puts the expansion of a shell variable in place of each `SECRET_REF(name)`, so that bash itself puts the value in, as it
 * is, whatever characters it holds: the value is never part of the command text, of an environment or of a program's
 * arguments. `tag`: random letters and digits, for names nobody else uses. Throws `invalid_input` with a way that works
 * where a reference cannot stand; asks for no value, so that a gate can call it too.
 */
export function injectSecrets(command: string, tag: string): InjectedCommand {
  const { text, refs } = withMarks(command, tag);
  if (refs.length === 0) return { command, feed: [] };
  const script = parsed(text, refs);
  const isMarked = (part: string) => part.includes(`BERTHREF${tag}X`);
  const functions = definedFunctions(script);
  refuseUnguardable(script, text, refs[0]?.name ?? "");
  const places = placesOf(
    script,
    text,
    refs.map(({ pos }) => pos),
    functions,
  );
  const feed = createFeed(tag);
  const edits = [
    ...refs.flatMap((ref, at) => editOf(places[at], ref, { text, variableOf: feed.variableOf })),
    ...openHeredocs(text, refs, { places, variableOf: feed.variableOf }),
    ...insertions(script, `berth_run_${tag}`, isMarked),
  ];
  refuseTainted(script, { isMarked, functions, refs });
  const names = { guard: `berth_run_${tag}`, needles: `berth_needles_${tag}`, variables: feed.variables };
  return { command: `${prologue(names)}\n${applyEdits(text, edits)}`, feed: feed.list };
}

/** An unquoted reference is no bash word: a plain word takes its place while the command is parsed. */
function withMarks(command: string, tag: string): { text: string; refs: Ref[] } {
  const refs: Ref[] = [];
  let shift = 0;
  const text = command.replace(secretRefPattern, (whole, name: string, offset: number) => {
    const word = `BERTHREF${tag}X${refs.length}`;
    refs.push({ pos: offset + shift, end: offset + shift + word.length, name });
    shift += word.length - whole.length;
    return word;
  });
  return { text, refs };
}

/** A tolerated error could move a quote: with one no place is sure. */
function parsed(text: string, refs: Ref[]): Script {
  const script = parse(text);
  const error = script.errors?.[0];
  return error ? refuse(refs[0]?.name ?? "", { why: `a command that cannot be parsed (${error.message})` }) : script;
}

function createFeed(tag: string) {
  const list: Feed[] = [];
  const variableAt = (at: number) => `berth_${at}_${tag}`;
  return {
    list,
    get variables() {
      return list.map((_, at) => variableAt(at));
    },
    variableOf(secret: string, form: Feed["form"]): string {
      const known = list.findIndex((item) => item.secret === secret && item.form === form);
      return variableAt(known >= 0 ? known : list.push({ secret, form }) - 1);
    },
  };
}
type VariableOf = ReturnType<typeof createFeed>["variableOf"];

function refuse(name: string, { why, program }: { why: string; program?: (string | null)[] }): never {
  const hint = program
    ? hintFor(program, name)
    : `Put it into a variable first: token=SECRET_REF(${name}); then "$token".`;
  return fail("invalid_input", `SECRET_REF(${name}) cannot stand in ${why}. ${hint}`);
}

function editOf(
  place: ShellPlace | undefined,
  ref: Ref,
  { text, variableOf }: { text: string; variableOf: VariableOf },
): Edit[] {
  if (place === undefined || place.kind === "refused") return refuse(ref.name, place ?? { why: "an unknown place" });
  if (place.kind === "literalHeredoc") return [];
  // A backslash would take the quote or dollar sign that is put in here for a plain character.
  if (text[ref.pos - 1] === "\\" && place.kind !== "single")
    refuse(ref.name, { why: "a place right after a backslash" });
  if (place.printfFormat && unfinishedFormat.test(text.slice(0, ref.pos)))
    refuse(ref.name, { why: "the middle of a printf directive" });
  const variable = variableOf(ref.name, place.printfFormat ? "printf format" : "value");
  return [{ pos: ref.pos, end: ref.end, text: expansions[place.kind](variable) }];
}

/** A directive or an escape that would take the value's first letters for its own; `%%` and `\\\\` are whole. */
const unfinishedFormat =
  /(?<!%)(?:%%)*%[-+ #'0-9.*hlLjzt]*$|(?<!\\)(?:\\\\)*\\(?:[0-7]{0,3}|x[\da-f]?|u[\da-f]{0,3}|U[\da-f]{0,7}|c)$/i;

const expansions: Record<"plain" | "double" | "heredoc" | "single" | "ansi", (variable: string) => string> = {
  plain: (variable) => `"\${${variable}}"`,
  double: (variable) => `\${${variable}}`,
  heredoc: (variable) => `\${${variable}}`,
  single: (variable) => `'"\${${variable}}"'`,
  ansi: (variable) => `'"\${${variable}}"$'`,
};

/** Nothing expands under a quoted delimiter: it is unquoted, and all that would then expand is escaped. */
function openHeredocs(
  text: string,
  refs: Ref[],
  { places, variableOf }: { places: ShellPlace[]; variableOf: VariableOf },
): Edit[] {
  const groups = new Map<number, { place: LiteralHeredoc; refs: Ref[] }>();
  refs.forEach((ref, at) => {
    const place = places[at];
    if (place?.kind !== "literalHeredoc") return;
    const group = groups.get(place.body.pos) ?? { place, refs: [] };
    group.refs.push(ref);
    groups.set(place.body.pos, group);
  });
  return [...groups.values()].flatMap((group) => openHeredoc(text, group, variableOf));
}

function openHeredoc(
  text: string,
  { place: { delimiter, body }, refs }: { place: LiteralHeredoc; refs: Ref[] },
  variableOf: VariableOf,
): Edit[] {
  if (!/^\w+$/.test(delimiter.value)) refuse(refs[0]?.name ?? "", { why: "a here-document with this delimiter" });
  const inert = (part: string) => part.replace(/[\\$`]/g, "\\$&");
  let rewritten = "";
  let at = body.pos;
  for (const { pos, end, name } of refs) {
    rewritten += `${inert(text.slice(at, pos))}\${${variableOf(name, "value")}}`;
    at = end;
  }
  rewritten += inert(text.slice(at, body.end));
  return [
    { pos: delimiter.pos, end: delimiter.end, text: delimiter.value },
    { pos: body.pos, end: body.end, text: rewritten },
  ];
}

function refuseTainted(
  script: SyntaxNode,
  { isMarked, functions, refs }: { isMarked: (text: string) => boolean; functions: ReadonlySet<string>; refs: Ref[] },
): void {
  const found = taintedArgument(script, isMarked, functions);
  if (found === null) return;
  const program = found.program[0] ?? "a program";
  const hint = hintFor(found.program, refs[0]?.name ?? "");
  fail(
    "invalid_input",
    `${found.variable} holds a secret and cannot be an argument of ${program}, where anybody on the server could read it. ${hint}`,
  );
}

const applyEdits = (text: string, edits: Edit[]): string =>
  edits
    .toSorted((a, b) => b.pos - a.pos || b.end - a.end)
    .reduce((result, { pos, end, text: put }) => result.slice(0, pos) + put + result.slice(end), text);
