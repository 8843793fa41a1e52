/** Name of the command with which the gate tests itself: compiled in as refused, in wrapper and agent alike. */
export const gateProbeCommand = "berth-gate-probe";

/** What a refusal of the probe says: proof that this gate, and not another fault, stopped this very call. */
export function gateProbeRefusal(command: unknown): string {
  const nonce =
    typeof command === "string" ? /berth-gate-probe\s+([A-Za-z0-9_-]{1,100})/.exec(command)?.[1] : undefined;
  return `gate-probe-refused ${nonce ?? "without-nonce"}`;
}
