import type { Utterance } from "./conversation.ts";
import { turnForSentence } from "./plain-sentences.ts";
import type { Turn } from "./turn.ts";

const marker = /\[\[tool\s+([A-Za-z0-9_.-]+)\s*(?=\{)/g;

/** The end of the JSON object that starts at `start`; braces inside strings do not count. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (inString) {
      if (char === "\\") at += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "{") depth += 1;
    else if (char === "}") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

/** Every `[[tool NAME {json}]]` of a message, in order. Markers that do not parse are left out. */
function scriptedCalls(text: string): Extract<Turn, { tool: string }>[] {
  const calls: Extract<Turn, { tool: string }>[] = [];
  for (const found of text.matchAll(marker)) {
    const start = found.index + found[0].length;
    const end = endOfObject(text, start);
    if (end < 0 || !/^\s*\]\]/.test(text.slice(end))) continue;
    try {
      calls.push({ tool: found[1] ?? "", args: JSON.parse(text.slice(start, end)) });
    } catch {
      // A marker with broken JSON is plain text to a model too.
    }
  }
  return calls;
}

/** The model's next turn. Depends on the conversation alone, so that a repeated request gets the same answer. */
export function decideTurn(conversation: Utterance[]): Turn {
  const lastUser = conversation.findLastIndex((utterance) => utterance.from === "user");
  const asked = conversation[lastUser]?.text ?? "";
  const results = conversation.slice(lastUser + 1).filter((utterance) => utterance.from === "tool");
  if (asked.startsWith("[Berth]") && results.length === 0) {
    return { text: `Report: ${asked.slice("[Berth]".length).trim().slice(0, 300)}` };
  }
  const calls = scriptedCalls(asked);
  const sentence = calls.length === 0 ? turnForSentence(asked) : null;
  const next = [...calls, ...(sentence ? [sentence] : [])][results.length];
  if (next) return next;
  const lastResult = results.at(-1);
  if (lastResult) return { text: `Done. ${lastResult.text.slice(0, 300)}` };
  return {
    text: `I read: ${asked.slice(0, 300)} (I can list, read, write and delete files, run a command or fetch an address.)`,
  };
}
