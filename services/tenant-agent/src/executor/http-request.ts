import type { HttpRequestArgs } from "@berth/contracts";
import { type Dispatcher, fetch, type Response } from "undici";
import type { z } from "zod";
import { shownTarget } from "../references/http-target.ts";
import { planRequest } from "../references/plan-request.ts";
import { textOfBytes } from "../text-of-bytes.ts";
import type { ToolOutcome, ToolRunInput } from "./tool-run.ts";

type Args = z.infer<typeof HttpRequestArgs>;
const maxResponseBytes = 200_000;
const timeoutMs = 60_000;
const maxRedirects = 5;

/** Sends one request out through the forward proxy, which lets only allowed hosts through. */
export async function httpRequest(
  { proxy }: { proxy: Dispatcher },
  { args, useSecret, redactCut }: ToolRunInput<Args>,
): Promise<ToolOutcome> {
  const { target, resolve } = planRequest(args);
  const purpose = `http_request ${args.method} ${shownTarget(target)}`;
  const { url, headers, body } = resolve((name) => useSecret(name, purpose));
  const signal = AbortSignal.timeout(timeoutMs);
  const request = { method: args.method, headers, body, dispatcher: proxy, redirect: "manual", signal } as const;
  try {
    return await describe(await follow(url, request), redactCut);
  } catch (error) {
    return { ok: false, text: `The request failed: ${reasonOf(error)}.` };
  }
}

type Request = NonNullable<Parameters<typeof fetch>[1]>;

/** Redirects within the host are followed for reading; another host is not handed headers that were meant for the first. */
async function follow(first: URL, request: Request): Promise<Response> {
  let url = first;
  for (let hops = 0; ; hops += 1) {
    const response = await fetch(url, request);
    const location = response.headers.get("location");
    const next = response.status >= 300 && response.status < 400 && location ? URL.parse(location, url.href) : null;
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (!next || !isRead || next.origin !== first.origin || hops >= maxRedirects) return response;
    await response.body?.cancel();
    url = next;
  }
}

async function describe(response: Response, redactCut: (text: string) => string): Promise<ToolOutcome> {
  const shown = ["content-type", "location", "retry-after", "etag"].flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [`${name}: ${value}`];
  });
  const { text, cut } = await readCapped(response);
  const parts = [`HTTP ${response.status} ${response.statusText}`.trim(), ...shown, "", cut ? redactCut(text) : text];
  if (cut) parts.push("(the answer was longer and is cut)");
  return { ok: response.ok, text: parts.join("\n") };
}

async function readCapped(response: Response): Promise<{ text: string; cut: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxResponseBytes) break;
  }
  const bytes = Buffer.concat(chunks).subarray(0, maxResponseBytes);
  const cut = size > maxResponseBytes;
  // In another charset a secret would come through with its letters changed, and nobody would know it.
  const charset = /charset="?([^";\s]+)/i.exec(response.headers.get("content-type") ?? "")?.[1];
  const text = textOfBytes(bytes, { cut, ...(charset === undefined ? {} : { charset }) });
  return text.includes("\0") ? { text: `(binary data, ${bytes.length} bytes or more)`, cut: false } : { text, cut };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown reason";
  if (error.name === "TimeoutError") return `no answer within ${timeoutMs / 1000} s`;
  return error.cause instanceof Error ? error.cause.message : error.message;
}
