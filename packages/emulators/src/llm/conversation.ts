/** What both wire formats come down to: who said what, in order. */
export interface Utterance {
  from: "user" | "assistant" | "tool";
  text: string;
}

interface Part {
  type?: string | undefined;
  text?: string | undefined;
  content?: string | Part[] | undefined;
}

export interface WireMessage {
  role: string;
  content?: string | Part[] | null | undefined;
}

const internalContext = /<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>[\s\S]*?(?:<<<END_OPENCLAW_INTERNAL_CONTEXT>>>|$)/g;

const textOf = (content: string | Part[] | null | undefined): string => {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => part.text ?? textOf(part.content)).join("\n");
};

/** What OpenClaw puts before a person's words: a time stamp and, on the first turn, a `Runtime:` line, in either order. */
const preamble = /^\s*(?:\[[A-Z][a-z]{2} \d{4}-\d{2}-\d{2}[^\]]*\]|Runtime: [^\n]*(?:\n|$))\s*/;

function spokenPart(text: string): string {
  let spoken = text.replace(internalContext, "");
  while (preamble.test(spoken)) spoken = spoken.replace(preamble, "");
  return spoken.trim();
}

function utterancesOf(message: WireMessage): Utterance[] {
  if (message.role === "tool") return [{ from: "tool", text: textOf(message.content) }];
  if (message.role === "assistant") return [{ from: "assistant", text: textOf(message.content) }];
  if (message.role !== "user") return [];
  // An Anthropic user message may hold tool results and, after them, OpenClaw's own context as a text block.
  const parts =
    typeof message.content === "string" ? [{ type: "text", text: message.content }] : (message.content ?? []);
  const results = parts.filter((part) => part.type === "tool_result");
  const spoken = spokenPart(textOf(parts.filter((part) => part.type !== "tool_result")));
  return [
    ...results.map((part) => ({ from: "tool" as const, text: textOf(part.content) })),
    ...(spoken ? [{ from: "user" as const, text: spoken }] : []),
  ];
}

/** The conversation without OpenClaw's internal-context messages. */
export const conversationOf = (messages: WireMessage[]): Utterance[] => messages.flatMap(utterancesOf);
