/** Tokens of one answer by kind, as a provider would count them. */
export interface UsageNumbers {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

/** Deterministic, from lengths alone (four characters a token), never zero in any kind. */
export function usageOf(promptChars: number, answerChars: number): UsageNumbers {
  const prompt = Math.ceil(promptChars / 4);
  const cacheRead = Math.floor(prompt / 2) + 1;
  const cacheWrite = Math.floor(prompt / 8) + 1;
  return {
    input: Math.max(1, prompt - cacheRead - cacheWrite),
    output: Math.ceil(answerChars / 4) + 1,
    cacheRead,
    cacheWrite,
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
