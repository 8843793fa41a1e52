/** Milliseconds of each of `rounds` runs, alternating between the two so that a noisy machine is noisy for both. */
export async function pairedRounds(
  rounds: number,
  ours: () => unknown,
  baseline: () => unknown,
): Promise<{ ours: number[]; baseline: number[] }> {
  const times = { ours: [] as number[], baseline: [] as number[] };
  const clocked = async (run: () => unknown): Promise<number> => {
    const started = performance.now();
    await run();
    return performance.now() - started;
  };
  await ours();
  await baseline();
  for (let round = 0; round < rounds; round += 1) {
    times.ours.push(await clocked(ours));
    times.baseline.push(await clocked(baseline));
  }
  return times;
}

/** The value below which `share` of the sorted numbers lie. */
export function quantile(numbers: number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export const rounded = (value: number): number => Number(value.toPrecision(4));
