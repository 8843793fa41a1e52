export interface TextPart {
  kind: "text" | "code" | "block";
  text: string;
}

/** Splits what an agent wrote into prose, `code` and fenced blocks; an open fence at the end (still growing) is a block too. */
export function textParts(text: string): TextPart[] {
  return text.split(/^```[^\n]*\n?/m).flatMap((part, index): TextPart[] => {
    if (index % 2 === 1) return [{ kind: "block", text: part.replace(/\n$/, "") }];
    return inline(part.replace(/^\n/, "").replace(/\n$/, ""));
  });
}

const inline = (text: string): TextPart[] =>
  text.split(/`([^`\n]+)`/).flatMap((part, index): TextPart[] => {
    if (part === "") return [];
    return [{ kind: index % 2 === 1 ? "code" : "text", text: part }];
  });
