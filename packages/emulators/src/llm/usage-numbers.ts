/** Tokens of one answer by kind, as a provider would count them. */
export interface UsageNumbers {
  input: number;
  /** All that was written, thoughts included. */
  output: number;
  cacheRead: number;
  cacheWrite: number;
  /** The part of `output` that was thought and not said. */
  thoughts: number;
}

/** Deterministic, from lengths alone (four characters a token); only thoughts may be zero. */
export function usageOf(promptChars: number, answerChars: number, thoughtChars = 0): UsageNumbers {
  const prompt = Math.ceil(promptChars / 4);
  const cacheRead = Math.floor(prompt / 2) + 1;
  const cacheWrite = Math.floor(prompt / 8) + 1;
  const thoughts = Math.ceil(thoughtChars / 4);
  return {
    input: Math.max(1, prompt - cacheRead - cacheWrite),
    output: Math.ceil(answerChars / 4) + 1 + thoughts,
    cacheRead,
    cacheWrite,
    thoughts,
  };
}

const pieceSizes = [4, 7, 5, 11, 3, 9];

/** Pieces as a provider streams them: short and of changing length; none for an empty text. */
export function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    const size = pieceSizes[pieces.length % pieceSizes.length] ?? 4;
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return pieces;
}
