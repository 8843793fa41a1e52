import { textParts } from "./text-parts.ts";

/** Text as written, with code set apart. Never HTML: what an agent says is not to be trusted with that. */
export function MessageText({ text }: { text: string }) {
  const parts = textParts(text).map((part, index) => ({ ...part, key: `${index} ${part.kind}` }));
  return (
    <div className="grid min-w-0 gap-2 whitespace-pre-wrap wrap-anywhere">
      {grouped(parts).map((group) =>
        group.kind === "block" ? (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1)
          <pre key={group.key} tabIndex={0} className="overflow-x-auto rounded-control bg-sunken p-3 font-mono text-sm">
            {group.parts[0]?.text}
          </pre>
        ) : (
          <p key={group.key}>
            {group.parts.map((part) => (
              <Inline key={part.key} part={part} />
            ))}
          </p>
        ),
      )}
    </div>
  );
}

function Inline({ part: { kind, text } }: { part: Keyed }) {
  if (kind === "strong") return <strong className="font-semibold">{text}</strong>;
  if (kind === "code") return <code className="rounded bg-sunken px-1 py-0.5 font-mono text-[0.9em]">{text}</code>;
  return text;
}

type Keyed = ReturnType<typeof textParts>[number] & { key: string };
interface Group {
  kind: "prose" | "block";
  key: string;
  parts: Keyed[];
}

/** Prose and inline code that follow one another are one paragraph; a block stands alone. */
function grouped(parts: Keyed[]): Group[] {
  const groups: Group[] = [];
  for (const part of parts) {
    const last = groups.at(-1);
    if (part.kind !== "block" && last?.kind === "prose") last.parts.push(part);
    else groups.push({ kind: part.kind === "block" ? "block" : "prose", key: part.key, parts: [part] });
  }
  return groups;
}
