import { Problem } from "@berth/contracts";

const unexpected = "Berth did not answer as expected. Try again in a moment.";
const unreachable = "Berth cannot be reached. Check your connection and try again.";

/** An answer that is not what was hoped for. `message` can be shown; `status` is 0 when there was no answer at all. */
export class HubProblem extends Error {
  override readonly name = "HubProblem";
  readonly status: number;
  /** A contract's error code, better-auth's own code, `offline`, or empty. */
  readonly code: string;
  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.code = code;
  }
}

/** The body of an error as people may read it: problem+json of the Hub, or better-auth's `{code, message}`. */
export function problemFrom(status: number, body: unknown): HubProblem {
  const problem = Problem.safeParse(body);
  if (problem.success) return new HubProblem(status, problem.data.code, problem.data.detail);
  if (typeof body === "object" && body !== null && "message" in body && typeof body.message === "string") {
    const code = "code" in body && typeof body.code === "string" ? body.code : "";
    return new HubProblem(status, code, body.message);
  }
  return new HubProblem(status, "", unexpected);
}

/** Whatever was thrown on the way to the Hub, in words that can be shown. */
export const hubProblemOf = (thrown: unknown): HubProblem =>
  thrown instanceof HubProblem ? thrown : new HubProblem(0, "", unexpected, { cause: thrown });

/** Runs a request; without an answer it throws a `HubProblem` with code `offline`. */
export function reach<T>(request: Promise<T>): Promise<T> {
  return request.catch((cause: unknown) => {
    throw new HubProblem(0, "offline", unreachable, { cause });
  });
}

/** The parsed data of a call made with `createApiClient`; throws `HubProblem` for anything else. */
export async function answerOf<T>(
  schema: { parse(value: unknown): T },
  call: Promise<{ data?: unknown; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await reach(call);
  if (!response.ok) throw problemFrom(response.status, error);
  try {
    return schema.parse(data);
  } catch (cause) {
    throw new HubProblem(response.status, "", unexpected, { cause });
  }
}
