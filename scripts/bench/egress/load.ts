import { Pool } from "undici";

export interface Target {
  name: string;
  origin: string;
  path: string;
  headers: Record<string, string>;
}

export interface Sample {
  requestsPerSecond: number;
  /** Milliseconds of each request. */
  latencies: number[];
}

const connections = 16;

/**
 * Sixteen connections, each with one request at a time, for `seconds`; the bodies by turns. Throws when an answer is not
 * 200, so that nobody is measured at refusing.
 */
export async function loadOnce(target: Target, bodies: readonly string[], seconds: number): Promise<Sample> {
  const pool = new Pool(target.origin, { connections, pipelining: 1 });
  const latencies: number[] = [];
  const started = performance.now();
  const endsAt = started + seconds * 1000;
  let next = 0;
  async function connection(): Promise<void> {
    while (performance.now() < endsAt) {
      const body = bodies[next++ % bodies.length];
      const begun = performance.now();
      const answer = await pool.request({ path: target.path, method: "POST", headers: target.headers, body });
      const text = await answer.body.text();
      if (answer.statusCode !== 200)
        throw new Error(`${target.name} answered ${answer.statusCode}: ${text.slice(0, 300)}`);
      latencies.push(performance.now() - begun);
    }
  }
  await Promise.all(Array.from({ length: connections }, connection));
  const requestsPerSecond = (latencies.length * 1000) / (performance.now() - started);
  await pool.close();
  return { requestsPerSecond, latencies };
}
