import { fail } from "@berth/platform";

/** Room in memory for the bodies of all calls under way: a request costs several times its size while it is looked through. */
export interface BodyRoom {
  /** Takes room until the function it gives is called. Throws `unavailable` if there is not enough now. */
  take(bytes: number): () => void;
}

export function createBodyRoom(bytesMax: number): BodyRoom {
  let taken = 0;
  return {
    take(bytes) {
      // One body that is larger than all of the room may come alone.
      if (taken > 0 && taken + bytes > bytesMax) {
        fail("unavailable", "Too many large requests at once. Try again in a moment.");
      }
      taken += bytes;
      return () => {
        taken -= bytes;
      };
    },
  };
}
