import type { CommandArgument, ParsedScript, Word, WordPart } from "unbash";
import { secretPlaceholder } from "../secret-refs.ts";
import { type Arg, literalArg } from "./invocation.ts";

/** What is known about a word; unknown parts cut the certain prefix short. */
export function argOf(node: CommandArgument): Arg {
  if (node.type === "Assignment") {
    const unknown = /[$`]/.test(node.text);
    return { ...literalArg(node.text), prefix: unknown ? "" : node.text, dynamic: unknown };
  }
  return argOfWord(node);
}

export function argOfWord(word: Word): Arg {
  const found = { prefix: "", dynamic: secretPlaceholder.test(word.value), glob: false, open: true };
  const take = (text: string) => {
    if (found.open) found.prefix += text;
  };
  for (const part of word.parts ?? [{ type: "Literal", value: word.value } as WordPart]) visitPart(part, found, take);
  return {
    value: word.value,
    prefix: found.prefix,
    dynamic: found.dynamic,
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

/** `$(date +%F)` in a file name is common and cannot leave the folder unless its format holds a slash. */
function isDate(script: ParsedScript | undefined): boolean {
  const command = script?.commands.length === 1 ? script.commands[0]?.command : undefined;
  if (command?.type !== "Command" || command.name?.value !== "date") return false;
  return command.suffix.every((word) => word.type === "Word" && word.parts === undefined && !word.value.includes("/"));
}
