import { constants, inflateRawSync } from "node:zlib";

/** What a compressed run may grow to; more than this is no text that anybody wants to read. */
const inflatedMax = 4 * 1024 * 1024;
const trailerBytes = 8;

export interface Inflated {
  text: string;
  /** Bytes of the run that belong to the archive. */
  used: number;
  /** There is more than was inflated. */
  tooLong: boolean;
}

/** `bytes` may be the beginning of an archive: too little of it to say more. */
const isBeginning = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x1f && (bytes[1] ?? 0x8b) === 0x8b && (bytes[2] ?? 8) === 8;

/** Where the compressed part begins (RFC 1952 §2.3): behind the optional fields that the flags announce. */
function headerBytes(bytes: Uint8Array): number {
  const flags = bytes[3] ?? 0;
  let at = 10;
  if (flags & 4) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    while (at < bytes.length && bytes[at] !== 0) at += 1;
    at += 1;
  }
  return flags & 2 ? at + 2 : at;
}

/**
 * The text in the gzip archive that `bytes` begin with, as far as it goes; null if there is none. Not by `gunzipSync`,
 * which refuses an archive that something else follows.
 */
export function inflate(bytes: Uint8Array): Inflated | null {
  if (!isBeginning(bytes)) return null;
  const header = headerBytes(bytes);
  if (header >= bytes.length) return { text: "", used: bytes.length, tooLong: false };
  try {
    // `info` is in Node's documentation of zlib and not in its types; a cut-off archive gives what there is.
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: inflatedMax, info: true };
    const result: unknown = inflateRawSync(bytes.subarray(header), options);
    const { buffer, engine } = result as { buffer: Buffer; engine: { bytesWritten: number } };
    return { text: buffer.toString("utf8"), used: header + engine.bytesWritten + trailerBytes, tooLong: false };
  } catch (error) {
    return error instanceof RangeError ? { text: "", used: bytes.length, tooLong: true } : null;
  }
}
