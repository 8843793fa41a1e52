import { randomBytes } from "node:crypto";
import { v7 } from "uuid";
import type { Clock } from "./clock.ts";

export interface Ids {
  /** `<prefix>_` and a UUIDv7 (RFC 9562) in hex, so that ids sort by the time they were made. */
  next<P extends string>(prefix: P): `${P}_${string}`;
}

const randomPerId = 18;
const idsPerRefill = 128;

export function createIds(clock: Clock): Ids {
  let lastMs = 0;
  let seq = 0;
  // Asking the system for random bytes costs more than all the rest, so it is asked once for many ids.
  let random = randomBytes(0);
  let used = 0;
  const nextRandom = (): Buffer => {
    if (used >= random.length) {
      random = randomBytes(randomPerId * idsPerRefill);
      used = 0;
    }
    used += randomPerId;
    return random.subarray(used - randomPerId, used);
  };
  return {
    next: (prefix) => {
      const msecs = Math.max(clock.now(), lastMs);
      const bytes = nextRandom();
      seq = msecs === lastMs ? seq + 1 : bytes.readUInt16BE(16);
      lastMs = msecs;
      return `${prefix}_${v7({ msecs, seq, random: bytes }).replaceAll("-", "")}`;
    },
  };
}

/** Unguessable text, base64url, 32 bytes of entropy unless told otherwise. */
export const randomToken = (bytes = 32): string => randomBytes(bytes).toString("base64url");
