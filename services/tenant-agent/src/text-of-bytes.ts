/**
 * Text from outside. Where it was cut, a letter that was cut with it is left out: a half one would look like another letter,
 * and the beginning of a secret before it would no longer be known for one. `charset`: a label of the WHATWG Encoding
 * Standard; one that is unknown counts as UTF-8.
 */
export function textOfBytes(bytes: Uint8Array, { cut, charset = "utf-8" }: { cut: boolean; charset?: string }): string {
  return decoderFor(charset).decode(bytes, { stream: cut });
}

function decoderFor(charset: string) {
  try {
    return new TextDecoder(charset, { ignoreBOM: true });
  } catch {
    return new TextDecoder("utf-8", { ignoreBOM: true });
  }
}
