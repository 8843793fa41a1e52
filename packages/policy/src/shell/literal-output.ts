import type { CommandNode } from "unbash";
import { argOf } from "./words.ts";

/** What a chain of `echo`, `printf` and decoders prints, when every word of it is known; else null. */
export function literalOutput(commands: readonly CommandNode[]): string | null {
  let text: string | null = null;
  for (const [at, command] of commands.entries()) {
    if (command.type !== "Command" || command.name === undefined) return null;
    const args = command.args.map(argOf);
    if (args.some((arg) => arg.dynamic || arg.glob)) return null;
    const values = args.map((arg) => arg.value);
    text =
      at === 0 ? printed(command.name.value, values) : text === null ? null : decoded(command.name.value, values, text);
  }
  return text;
}

function printed(name: string, values: string[]): string | null {
  if (name === "echo") return values.filter((value) => !/^-[neE]+$/.test(value)).join(" ");
  if (name !== "printf") return null;
  return values
    .join(" ")
    .replaceAll("\\n", "\n")
    .replaceAll("%s", "")
    .replace(/\\x([0-9a-fA-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function decoded(name: string, values: string[], text: string): string | null {
  if (name === "base64" && values.some((value) => /^(?:-[a-zA-Z]*[dD]|--decode)$/.test(value)))
    return Buffer.from(text, "base64").toString("utf8");
  if (name === "xxd" && values.some((value) => /^-[a-z]*r/.test(value)))
    return Buffer.from(text.replace(/\s/g, ""), "hex").toString("utf8");
  if (name === "rev") return [...text].reverse().join("");
  return name === "cat" && values.length === 0 ? text : null;
}
