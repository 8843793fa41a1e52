import { type AppError, appErrorOf, fail, parseOrFail, signRequest } from "@berth/platform";
import type { z } from "zod";
import type { AgentDeps } from "../deps.ts";
import type { Identity } from "../identity/load-identity.ts";
import type { Delivery } from "../ledger/deliver-outbox.ts";

export interface HubClient {
  /** A signed request to `/api/tenant/v1<path>`. Throws `unavailable` for what may pass and `conflict` for what will not. */
  call<T>(method: "GET" | "POST" | "PUT", path: string, answer: z.ZodType<T>, body?: unknown): Promise<T>;
  /** The same for an outbox: sorted into delivered, to be retried, refused for good. */
  deliver(method: "POST" | "PUT", path: string, body: string): Promise<Delivery>;
}

const passing = (status: number): boolean => status >= 500 || status === 401 || status === 408 || status === 429;

export function createHubClient(input: {
  hubUrl: string;
  identity: Identity;
  keyId: string;
  deps: Pick<AgentDeps, "fetch" | "clock">;
}): HubClient {
  const base = `${input.hubUrl.replace(/\/$/, "")}/api/tenant/v1`;

  async function send(method: string, path: string, body: string | undefined) {
    const url = base + path;
    const signed = signRequest({
      method,
      url,
      body: body ?? "",
      keyId: input.keyId,
      privateKey: input.identity.privateKey,
      clock: input.deps.clock,
    });
    const headers = { ...signed, ...(body === undefined ? {} : { "content-type": "application/json" }) };
    return input.deps
      .fetch(url, { method, headers, body: body ?? null, redirect: "error", signal: AbortSignal.timeout(15_000) })
      .catch((cause) => fail("unavailable", "The Hub cannot be reached.", { cause }));
  }

  return {
    async call(method, path, answer, body) {
      const response = await send(method, path, body === undefined ? undefined : JSON.stringify(body));
      if (!response.ok) {
        await response.body?.cancel();
        fail(passing(response.status) ? "unavailable" : "conflict", `The Hub answered ${response.status}.`);
      }
      const text = await response.text();
      return parseOrFail(answer, text === "" ? null : jsonOf(text), `Hub's answer to ${path}`);
    },
    async deliver(method, path, body) {
      try {
        const response = await send(method, path, body);
        await response.body?.cancel();
        if (response.ok || response.status === 409) return { result: "delivered" };
        const reason = `The Hub answered ${response.status}.`;
        return { result: passing(response.status) ? "retry" : "rejected", reason };
      } catch (error) {
        const { publicMessage }: AppError = appErrorOf(error);
        return { result: "retry", reason: publicMessage };
      }
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fail("unavailable", "The Hub's answer is not JSON.");
  }
}
