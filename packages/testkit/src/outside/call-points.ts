/** A place in a fake of the outside: the name of a call, just before its effect or just after it. */
export type CallPoint = `${"before" | "after"} ${string}`;

/** Called at every point. What it throws, the caller of the fake gets; while it waits, the call hangs. */
export type FaultInjector = (point: CallPoint) => Promise<void> | void;

/** Runs `effect` between its two points. */
export async function atPoints<T>(inject: FaultInjector, call: string, effect: () => T | Promise<T>): Promise<T> {
  await inject(`before ${call}`);
  const result = await effect();
  await inject(`after ${call}`);
  return result;
}
