export interface TextPart {
  kind: "text" | "strong" | "code" | "block";
  text: string;
}

/** Splits what an agent wrote into prose, **strong**, `code` and fenced blocks; an open fence at the end (still growing) is a block too. */
export function textParts(text: string): TextPart[] {
  return text.split(/^```[^\n]*\n?/m).flatMap((part, index): TextPart[] => {
    if (index % 2 === 1) return [{ kind: "block", text: part.replace(/\n$/, "") }];
    return inline(part.replace(/^\n/, "").replace(/\n$/, ""));
  });
}

const inline = (text: string): TextPart[] =>
  text.split(/(`[^`\n]+`|\*\*[^*\n]+\*\*)/).flatMap((part, index): TextPart[] => {
    if (part === "") return [];
    if (index % 2 === 0) return [{ kind: "text", text: part }];
    return [
      part.startsWith("`") ? { kind: "code", text: part.slice(1, -1) } : { kind: "strong", text: part.slice(2, -2) },
    ];
  });
