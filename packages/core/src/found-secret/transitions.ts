import type { FoundSecretState } from "@berth/contracts";

/**
 * A person asks (`keeping`, `dismissing`), the server settles. `expired` may be the Hub's own clock speaking, so the server's
 * word still counts after it; nothing comes after what the server kept or dismissed.
 */
export const foundSecretTransitions: Record<FoundSecretState, readonly FoundSecretState[]> = {
  waiting: ["keeping", "dismissing", "kept", "dismissed", "expired"],
  keeping: ["waiting", "kept", "dismissed", "expired"],
  dismissing: ["kept", "dismissed", "expired"],
  expired: ["kept", "dismissed"],
  kept: [],
  dismissed: [],
};

/** States in which the server still holds the value, as far as the Hub knows. */
export const openStates = ["waiting", "keeping", "dismissing"] as const satisfies FoundSecretState[];
