import { AppError, fail } from "@berth/platform";
import { Agent, request } from "undici";
import { z } from "zod";

/** Nobody listens on the socket, or it broke off before it answered. */
export class AgentAway extends AppError {
  constructor(cause: unknown) {
    super("unavailable", "The agent does not answer. Is it running, and are you root?", { cause });
  }
}

type Method = "GET" | "PUT" | "POST" | "DELETE";
/** Asks the running agent. Throws with the agent's own reason, or `AgentAway`. */
export type CallAgent = <T>(answer: z.ZodType<T>, method: Method, path: string, body?: unknown) => Promise<T>;

const Refusal = z.object({ detail: z.string() });

/** `socketPath`: the agent's admin socket, which only root and the agent can open. */
export function createCallAgent(socketPath: string): CallAgent {
  const dispatcher = new Agent({ connect: { socketPath }, pipelining: 0, keepAliveTimeout: 1 });
  return async (answer, method, path, input) => {
    const response = await request(`http://agent${path}`, {
      method,
      dispatcher,
      ...(input === undefined ? {} : { body: JSON.stringify(input), headers: { "content-type": "application/json" } }),
    }).catch((cause) => {
      throw new AgentAway(cause);
    });
    const body = await response.body.json().catch((cause) => {
      throw new AgentAway(cause);
    });
    if (response.statusCode >= 400) fail("conflict", Refusal.parse(body).detail);
    return answer.parse(body);
  };
}
