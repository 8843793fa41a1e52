import { checkLength, type Frame, type FrameReader } from "./frames.ts";

const quote = 0x22;
const backslash = 0x5c;
const isOpening = (code: number) => code === 0x7b || code === 0x5b;
const isClosing = (code: number) => code === 0x7d || code === 0x5d;

/** An element with what stands before it: the list's bracket, a comma, blanks. */
function elementOf(raw: string, start: number): Frame {
  const before = raw.slice(0, start);
  return { raw, data: raw.slice(start), around: [before], withData: (data, [first = ""]) => `${first}${data}` };
}

/** What is no element: the closing bracket, or text that is no list of objects at all. */
const restOf = (raw: string): Frame => ({
  raw,
  data: null,
  around: [raw],
  withData: (_data, [first = ""]) => first,
});

/** A JSON list of objects that grows while it is read (Google's stream without `alt=sse`): an element a frame. */
export function createJsonArrayReader(): FrameReader {
  let buffered = "";
  let at = 0;
  /** Brackets that are open inside the list; 0 between elements. */
  let depth = 0;
  let start = 0;
  let inString = false;
  let inList = false;

  /** True at the end of an element. */
  function step(code: number): boolean {
    if (inString) {
      if (code === backslash) at += 1;
      else if (code === quote) inString = false;
      return false;
    }
    if (code === quote) inString = true;
    else if (isOpening(code)) {
      if (!inList) inList = true;
      else if (depth++ === 0) start = at;
    } else if (isClosing(code) && depth > 0) return --depth === 0;
    return false;
  }

  return {
    push(text) {
      buffered += text;
      const frames: Frame[] = [];
      for (; at < buffered.length; at += 1) {
        if (!step(buffered.charCodeAt(at))) continue;
        frames.push(elementOf(buffered.slice(0, at + 1), start));
        buffered = buffered.slice(at + 1);
        at = -1;
      }
      checkLength(buffered);
      return frames;
    },
    end() {
      const rest = buffered;
      buffered = "";
      return rest === "" ? [] : [restOf(rest)];
    },
  };
}
