import { setTimeout as delay } from "node:timers/promises";
import { AppError, fail } from "@berth/platform";
import type { z } from "zod";

interface Init {
  method?: string;
  json?: unknown;
  form?: Record<string, string>;
}

const patienceMs = 90_000;
const lookAgainMs = 300;

/** A person's browser without the screen: keeps cookies by host and speaks only the public interfaces. */
export class Visitor {
  readonly #origin: string;
  readonly #cookies = new Map<string, string>();

  /** `origin` is the site on which this person is, sent with each request as a browser would. */
  constructor(origin: string) {
    this.#origin = origin;
  }

  /** One request; redirects are not followed. Throws TypeError if nobody answers. */
  async fetch(url: string, init: Init = {}): Promise<Response> {
    const host = new URL(url).host;
    const cookie = [...this.#cookies].flatMap(([key, value]) =>
      key.startsWith(`${host} `) ? [`${key.split(" ")[1]}=${value}`] : [],
    );
    const headers: Record<string, string> = {
      origin: this.#origin,
      ...(cookie.length > 0 ? { cookie: cookie.join("; ") } : {}),
    };
    let body: string | undefined;
    if (init.json !== undefined) {
      headers["content-type"] = "application/json";
      body = JSON.stringify(init.json);
    }
    if (init.form) {
      headers["content-type"] = "application/x-www-form-urlencoded";
      body = new URLSearchParams(init.form).toString();
    }
    const response = await fetch(url, {
      method: init.method ?? (body === undefined ? "GET" : "POST"),
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout(30_000),
      ...(body === undefined ? {} : { body }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      this.#cookies.set(`${host} ${pair.slice(0, at)}`, pair.slice(at + 1));
    }
    return response;
  }

  /** The parsed answer of a JSON endpoint; throws with the problem's own words if it is not 2xx. */
  async json<T>(schema: z.ZodType<T>, url: string, init: Init = {}): Promise<T> {
    return answerOf(schema, url, init, await this.fetch(url, init));
  }

  /**
   * The same for what may be asked twice: a person presses reload while nobody answers, or "not available" is the answer.
   * Gives up after 90 s.
   */
  async patientJson<T>(schema: z.ZodType<T>, url: string, init: Init = {}): Promise<T> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const response = await this.fetch(url, init).catch((error: unknown) => {
        if (performance.now() > deadline) throw error;
        return null;
      });
      const away = response === null || response.status === 503;
      if (!away || performance.now() > deadline) return answerOf(schema, url, init, response ?? Response.error());
      await delay(lookAgainMs);
    }
  }
}

async function answerOf<T>(schema: z.ZodType<T>, url: string, init: Init, response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const what = `${init.method ?? "GET"} ${url} answered ${response.status}: ${JSON.stringify(body)}`;
    throw new AppError(response.status === 409 ? "conflict" : "unavailable", what);
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) fail("internal", `${url} answered something unexpected`, { cause: parsed.error });
  return parsed.data;
}
