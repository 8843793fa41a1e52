/** Off until the first self-test has passed, and whenever one fails. */
export function createToolsSwitch(onTurnedOn: () => void) {
  let reason: string | null = "the gate self-test has not passed yet";
  return {
    offReason: (): string | null => reason,
    turnOn(): void {
      const wasOff = reason !== null;
      reason = null;
      if (wasOff) onTurnedOn();
    },
    turnOff(why: string): void {
      reason = why;
    },
  };
}
export type ToolsSwitch = ReturnType<typeof createToolsSwitch>;
