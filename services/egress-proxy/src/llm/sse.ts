import { checkLength, type Frame, type FrameReader } from "./frames.ts";

/** The end of an event, https://html.spec.whatwg.org/multipage/server-sent-events.html: a line ends in CRLF, LF or CR. */
const blankLine = /(?:\r\n){2}|\n\r?\n|\r{2}/g;
const longestBlankLine = 4;

const withData = (data: string, around: string[]): string => `${[...around, `data: ${data}`].join("\n")}\n\n`;

function frameOf(raw: string): Frame {
  const data: string[] = [];
  const around: string[] = [];
  for (const line of raw.split(/\r\n|\n|\r/)) {
    if (line.startsWith("data:")) data.push(line.startsWith("data: ") ? line.slice(6) : line.slice(5));
    else if (line !== "") around.push(line);
  }
  return { raw, data: data.length > 0 ? data.join("\n") : null, around, withData };
}

/** Server-sent events, each with the blank line that ends it. */
export function createSseReader(): FrameReader {
  let buffered = "";
  return {
    push(text) {
      // What was looked through before cannot hold the end of an event, but for the last characters.
      blankLine.lastIndex = Math.max(0, buffered.length - longestBlankLine);
      buffered += text;
      const frames: Frame[] = [];
      let done = 0;
      for (let found = blankLine.exec(buffered); found; found = blankLine.exec(buffered)) {
        frames.push(frameOf(buffered.slice(done, blankLine.lastIndex)));
        done = blankLine.lastIndex;
      }
      buffered = buffered.slice(done);
      checkLength(buffered);
      return frames;
    },
    end() {
      const rest = buffered;
      buffered = "";
      return rest.trim() === "" ? [] : [frameOf(rest)];
    },
  };
}
