import type { WrapperCheckIn } from "@berth/contracts";
import type { Clock } from "@berth/platform";

/** The wrapper's last check-in, and whether it is recent enough to count. */
export function createWrapperPresence(clock: Clock, maxAgeMs: number) {
  let last: { checkIn: WrapperCheckIn; at: number } | null = null;
  return {
    note(checkIn: WrapperCheckIn): void {
      last = { checkIn, at: clock.now() };
    },
    /** Null if it never checked in or has gone quiet. */
    fresh: (): WrapperCheckIn | null => (last && clock.now() - last.at <= maxAgeMs ? last.checkIn : null),
  };
}
export type WrapperPresence = ReturnType<typeof createWrapperPresence>;
