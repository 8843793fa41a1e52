export interface Span {
  begin: number;
  end: number;
}

const opening = "SECRET_REF(";
const nameMax = 200;

/** Where `text` has references to secrets that are known. Their names are public, so nothing in them is a hit. */
export function referenceSpans(text: string, names: Set<string>): Span[] {
  const spans: Span[] = [];
  for (let begin = text.indexOf(opening); begin >= 0; begin = text.indexOf(opening, begin + 1)) {
    const from = begin + opening.length;
    for (let end = text.indexOf(")", from); end >= 0 && end - from <= nameMax; end = text.indexOf(")", end + 1)) {
      if (!names.has(text.slice(from, end))) continue;
      spans.push({ begin, end: end + 1 });
      break;
    }
  }
  return spans;
}

/** Where rules of the pattern layer have taken something out. */
export function redactedSpans(text: string): Span[] {
  const spans: Span[] = [];
  for (let begin = text.indexOf("[REDACTED:"); begin >= 0; begin = text.indexOf("[REDACTED:", begin + 1)) {
    const mark = /^\[REDACTED:[a-z0-9][a-z0-9-]{0,80}\]/.exec(text.slice(begin, begin + 100));
    if (mark) spans.push({ begin, end: begin + mark[0].length });
  }
  return spans;
}

/** What is left of a stretch outside the spans. */
export function outside<T extends Span>(hit: T, spans: Span[]): T[] {
  const left: T[] = [];
  let { begin } = hit;
  for (const span of spans) {
    if (span.end <= begin || span.begin >= hit.end) continue;
    if (span.begin > begin) left.push({ ...hit, begin, end: span.begin });
    begin = span.end;
  }
  if (begin < hit.end) left.push({ ...hit, begin });
  return left;
}
