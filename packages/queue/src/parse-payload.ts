import { type JobName, type JobPayload, jobs } from "@berth/contracts";
import { parseOrFail } from "@berth/platform";

/** The payload of a job of this name, or AppError `invalid_input`. */
export function parsePayload<N extends JobName>(name: N, payload: unknown): JobPayload<N> {
  type Schema = Parameters<typeof parseOrFail<JobPayload<N>>>[0];
  const schema = jobs[name] as unknown as Schema; // JobPayload is defined as what this entry gives
  return parseOrFail(schema, payload, `payload of ${name}`);
}
