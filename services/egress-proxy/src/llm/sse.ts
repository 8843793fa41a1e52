/** One server-sent event as it came (`raw`, with its blank line) and what it says. */
export interface SseEvent {
  raw: string;
  /** The lines other than `data:`, as they are. */
  otherLines: string[];
  /** Null for an event without data, as a comment that keeps the connection warm. */
  data: string | null;
}

const blankLine = /(?:\r\n){2}|\n\r?\n|\r{2}/;
const eventCharsMax = 16 * 1024 * 1024;

function eventOf(raw: string): SseEvent {
  const lines = raw.split(/\r\n|\n|\r/).filter((line) => line !== "");
  const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5).replace(/^ /, ""));
  return {
    raw,
    otherLines: lines.filter((line) => !line.startsWith("data:")),
    data: data.length > 0 ? data.join("\n") : null,
  };
}

export interface SseReader {
  /** The events that are complete with this piece. Throws `RangeError` on an event without end. */
  push(text: string): SseEvent[];
  /** What came after the last blank line, if anything. */
  end(): SseEvent[];
}

export function createSseReader(): SseReader {
  let buffered = "";
  return {
    push(text) {
      buffered += text;
      const events: SseEvent[] = [];
      for (let found = blankLine.exec(buffered); found; found = blankLine.exec(buffered)) {
        const end = found.index + found[0].length;
        events.push(eventOf(buffered.slice(0, end)));
        buffered = buffered.slice(end);
      }
      if (buffered.length > eventCharsMax) throw new RangeError("a server-sent event without end");
      return events;
    },
    end() {
      const rest = buffered;
      buffered = "";
      return rest.trim() === "" ? [] : [eventOf(rest)];
    },
  };
}
