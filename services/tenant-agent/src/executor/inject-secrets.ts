import { fail } from "@berth/platform";
import { secretRefPattern } from "@berth/policy";
import { placesOf, type ShellPlace } from "./shell-places.ts";

export interface InjectedCommand {
  command: string;
  /** Variable name to secret name; only these go into the environment of this one command. */
  variables: Record<string, string>;
}

interface Ref {
  pos: number;
  end: number;
  name: string;
  variable: string;
}
interface Edit {
  pos: number;
  end: number;
  text: string;
}
type LiteralHeredoc = Extract<ShellPlace, { kind: "literalHeredoc" }>;

/**
 * Puts the expansion of an environment variable in place of each `SECRET_REF(name)`, so that bash itself puts the value
 * in, as it is, whatever characters it holds: the value is never part of the command text. `tag`: random letters and
 * digits, for variable names nobody else uses. Throws `invalid_input` where a reference cannot stand.
 */
export function injectSecrets(command: string, tag: string): InjectedCommand {
  const { text, refs } = withPlaceholders(command, tag);
  const places = placesOf(
    text,
    refs.map(({ pos }) => pos),
  );
  const edits: Edit[] = [];
  const heredocs = new Map<number, { place: LiteralHeredoc; refs: Ref[] }>();
  refs.forEach((ref, index) => {
    const place = places[index] ?? { kind: "refused", why: "an unknown place" };
    if (place.kind === "literalHeredoc") {
      const group = heredocs.get(place.body.pos) ?? { place, refs: [] };
      group.refs.push(ref);
      heredocs.set(place.body.pos, group);
    } else {
      edits.push({ pos: ref.pos, end: ref.end, text: expansionAt(place, ref, text[ref.pos - 1]) });
    }
  });
  for (const { place, refs: inside } of heredocs.values()) edits.push(...openHeredoc(text, place, inside));
  return {
    command: applyEdits(text, edits),
    variables: Object.fromEntries(refs.map((ref) => [ref.variable, ref.name])),
  };
}

/** An unquoted reference is no bash word: a plain word takes its place while the command is parsed. */
function withPlaceholders(command: string, tag: string): { text: string; refs: Ref[] } {
  const refs: Ref[] = [];
  const variables = new Map<string, string>();
  let shift = 0;
  const text = command.replace(secretRefPattern, (whole, name: string, offset: number) => {
    const word = `BERTHREF${tag}X${refs.length}`;
    const variable = variables.get(name) ?? `BERTH_SECRET_${variables.size}_${tag}`;
    variables.set(name, variable);
    refs.push({ pos: offset + shift, end: offset + shift + word.length, name, variable });
    shift += word.length - whole.length;
    return word;
  });
  return { text, refs };
}

const refuse = (name: string, why: string): never =>
  fail(
    "invalid_input",
    `SECRET_REF(${name}) cannot stand in ${why}. Put it into a variable first: token=SECRET_REF(${name}).`,
  );

function expansionAt(place: ShellPlace, { name, variable }: Ref, before: string | undefined): string {
  // A backslash would take the quote or dollar sign that is put in here for a plain character.
  if (before === "\\" && place.kind !== "single") return refuse(name, "a place right after a backslash");
  switch (place.kind) {
    case "plain":
      return `"\${${variable}}"`;
    case "double":
    case "heredoc":
      return `\${${variable}}`;
    case "single":
      return `'"\${${variable}}"'`;
    case "ansi":
      return `'"\${${variable}}"$'`;
    default:
      return refuse(name, place.kind === "refused" ? place.why : "this place");
  }
}

/** Nothing expands under a quoted delimiter: it is unquoted, and all that would then expand is escaped. */
function openHeredoc(text: string, { delimiter, body }: LiteralHeredoc, refs: Ref[]): Edit[] {
  if (!/^\w+$/.test(delimiter.value)) refuse(refs[0]?.name ?? "", "a here-document with this delimiter");
  const inert = (part: string) => part.replace(/[\\$`]/g, "\\$&");
  let rewritten = "";
  let at = body.pos;
  for (const { pos, end, variable } of refs) {
    rewritten += `${inert(text.slice(at, pos))}\${${variable}}`;
    at = end;
  }
  rewritten += inert(text.slice(at, body.end));
  return [
    { pos: delimiter.pos, end: delimiter.end, text: delimiter.value },
    { pos: body.pos, end: body.end, text: rewritten },
  ];
}

const applyEdits = (text: string, edits: Edit[]): string =>
  edits
    .toSorted((a, b) => b.pos - a.pos)
    .reduce((result, { pos, end, text: put }) => result.slice(0, pos) + put + result.slice(end), text);
