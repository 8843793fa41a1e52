import type { Turn } from "./turn.ts";

const unquoted = (text: string) => text.trim().replace(/^["'`]|["'`]$/g, "");

/** What a person may type by hand, and the call that a model would make of it. First match wins. */
const sentences: { pattern: RegExp; turn: (found: string[]) => Turn }[] = [
  {
    pattern: /\b(?:delete|remove)(?: the)? file\s+(\S+)/i,
    turn: ([path = ""]) => ({ tool: "file", args: { op: "delete", path: unquoted(path.replace(/[.!?]$/, "")) } }),
  },
  {
    pattern: /\b(?:read|show|open)(?: me)?(?: the)? file\s+(\S+)/i,
    turn: ([path = ""]) => ({ tool: "file", args: { op: "read", path: unquoted(path.replace(/[.!?]$/, "")) } }),
  },
  {
    pattern: /\b(?:list|show)(?: me)?(?: all)?(?: my| the)? files\b/i,
    turn: () => ({ tool: "file", args: { op: "list", path: "." } }),
  },
  {
    pattern: /\bwrite a note(?: to (\S+))?(?: that says|:| saying| about)?\s+([\s\S]+)/i,
    turn: ([path = "", content = ""]) => ({
      tool: "file",
      args: { op: "write", path: unquoted(path.replace(/:$/, "")) || "note.txt", content: `${unquoted(content)}\n` },
    }),
  },
  {
    pattern: /^\s*(?:please )?run(?: the command)?\s+([\s\S]+)/i,
    turn: ([command = ""]) => ({ tool: "run_command", args: { command: unquoted(command) } }),
  },
  {
    pattern: /\b(?:fetch|get|download)\s+(https?:\/\/\S+)/i,
    turn: ([url = ""]) => ({ tool: "http_request", args: { method: "GET", url } }),
  },
];

/** The call for a plain sentence, or null where no sentence of the table fits. */
export function turnForSentence(text: string): Turn | null {
  for (const { pattern, turn } of sentences) {
    const found = pattern.exec(text);
    if (found) return turn(found.slice(1).map((group) => group ?? ""));
  }
  return null;
}
