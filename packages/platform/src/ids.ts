import { randomBytes } from "node:crypto";
import { v7 } from "uuid";
import type { Clock } from "./clock.ts";

export interface Ids {
  /** `<prefix>_` and a UUIDv7 (RFC 9562) in hex, so that ids sort by the time they were made. */
  next<P extends string>(prefix: P): `${P}_${string}`;
}

export function createIds(clock: Clock): Ids {
  let lastMs = 0;
  let seq = 0;
  return {
    next: (prefix) => {
      const msecs = Math.max(clock.now(), lastMs);
      seq = msecs === lastMs ? seq + 1 : randomBytes(2).readUInt16BE();
      lastMs = msecs;
      return `${prefix}_${v7({ msecs, seq }).replaceAll("-", "")}`;
    },
  };
}

/** Unguessable text, base64url, 32 bytes of entropy unless told otherwise. */
export const randomToken = (bytes = 32): string => randomBytes(bytes).toString("base64url");
