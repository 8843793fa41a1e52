import type { CommandArgument, ParsedScript, Word, WordPart } from "unbash";
import { secretPlaceholder } from "../secret-refs.ts";
import { type Arg, literalArg } from "./invocation.ts";

/** What is known about a word; unknown parts cut the certain prefix short. */
export function argOf(node: CommandArgument): Arg {
  if (node.type === "Assignment") {
    const unknown = /[$`]/.test(node.text);
    return { ...literalArg(node.text), prefix: unknown ? "" : node.text, dynamic: unknown, splits: unknown };
  }
  return argOfWord(node);
}

export function argOfWord(word: Word): Arg {
  const found = { prefix: "", dynamic: secretPlaceholder.test(word.value), glob: false, open: true };
  const take = (text: string) => {
    if (found.open) found.prefix += text;
  };
  let splits = false;
  for (const part of word.parts ?? [{ type: "Literal", value: word.value } as WordPart]) {
    const before = found.dynamic;
    found.dynamic = false;
    visitPart(part, found, take);
    splits ||= found.dynamic && part.type !== "DoubleQuoted" && part.type !== "LocaleString";
    found.dynamic ||= before;
  }
  return {
    value: word.value,
    prefix: found.prefix,
    dynamic: found.dynamic,
    splits,
    glob: found.glob,
    home: word.text.startsWith("~"),
  };
}

function visitPart(
  part: WordPart,
  found: { dynamic: boolean; glob: boolean; open: boolean },
  take: (text: string) => void,
): void {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      take(part.value);
      return;
    case "DoubleQuoted":
    case "LocaleString":
      for (const child of part.parts) visitPart(child, found, take);
      return;
    case "Glob":
    case "ExtendedGlob":
      found.glob = true;
      found.open = false;
      return;
    case "ArithmeticExpansion":
      take("0");
      return;
    case "CommandExpansion":
      if (isDate(part.script)) take("date");
      else closeAsDynamic(found);
      return;
    default:
      closeAsDynamic(found);
  }
}

function closeAsDynamic(found: { dynamic: boolean; open: boolean }): void {
  found.dynamic = true;
  found.open = false;
}

/** Formats that print no slash, no space and no leading dash, whatever the day. */
const plainDate = /^(?:-u|--utc|\+%[YmdHMSFTsjyuVGB](?:[._:-]?%[YmdHMSFTsjyuVGB]|[._:T-])*)$/;

/** `$(date +%F)` in a file name is common and cannot leave the folder or become another word. */
function isDate(script: ParsedScript | undefined): boolean {
  const command = script?.commands.length === 1 ? script.commands[0]?.command : undefined;
  if (command?.type !== "Command" || command.name?.value !== "date") return false;
  return command.suffix.every((word) => word.type === "Word" && word.parts === undefined && plainDate.test(word.value));
}
