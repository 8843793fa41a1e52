import type { ActClass } from "@berth/contracts";

/** Mildest first. The same order as in the contract, written out so that a reordering there cannot change decisions. */
const severity: Record<ActClass, number> = { green: 0, yellow: 1, yellow_external: 2, red: 3, critical_red: 4 };

/** True when `a` is at least as severe as `b`. */
export const atLeast = (a: ActClass, b: ActClass): boolean => severity[a] >= severity[b];

/** The worst of the given classes; green for none. */
export const worstOf = (classes: readonly ActClass[]): ActClass =>
  classes.reduce<ActClass>((worst, next) => (severity[next] > severity[worst] ? next : worst), "green");
