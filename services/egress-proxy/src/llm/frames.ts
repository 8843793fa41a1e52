/** One step of a streamed answer as it came (`raw`) and what it says. */
export interface Frame {
  raw: string;
  /** Null for one without data, as a comment that keeps the connection warm. */
  data: string | null;
  /** What stands in it besides the data, as it is. */
  around: string[];
  /** The same frame with other data (one line) and other texts around it. */
  withData(data: string, around: string[]): string;
}

export interface FrameReader {
  /** The frames that are complete with this piece. Throws `RangeError` on one without end. */
  push(text: string): Frame[];
  /** What came after the last complete one, if anything. */
  end(): Frame[];
}

const frameCharsMax = 16 * 1024 * 1024;

export function checkLength(buffered: string): void {
  if (buffered.length > frameCharsMax) throw new RangeError("an event of a streamed answer without end");
}
