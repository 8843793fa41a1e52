import type { ReadStream } from "node:tty";

/** Where a value is typed or piped in; `process.stdin` is one. */
export type ValueSource = AsyncIterable<string | Buffer> & Partial<Pick<ReadStream, "isTTY" | "setRawMode">>;

/**
 * A value from standard input, without the newline at its end: whole if it is piped in; from a terminal one line, which
 * is not shown. Never from an argument or the environment, which others on the machine can read.
 */
export async function readValue(source: ValueSource, say: (text: string) => void, prompt: string): Promise<string> {
  if (!source.isTTY) {
    const chunks: Buffer[] = [];
    for await (const chunk of source) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks)
      .toString("utf8")
      .replace(/\r?\n$/, "");
  }
  say(`${prompt} (it is not shown): `);
  source.setRawMode?.(true);
  try {
    return await readHiddenLine(source);
  } finally {
    source.setRawMode?.(false);
    say("\n");
  }
}

/** Until Enter; backspace takes a character back, Ctrl-C gives nothing. */
async function readHiddenLine(source: ValueSource): Promise<string> {
  let typed: string[] = [];
  for await (const chunk of source)
    for (const character of chunk.toString("utf8")) {
      if (character === "\r" || character === "\n" || character === "\u0004") return typed.join("");
      if (character === "\u0003") return "";
      if (character === "\u007f" || character === "\b") typed = typed.slice(0, -1);
      else typed.push(character);
    }
  return typed.join("");
}
