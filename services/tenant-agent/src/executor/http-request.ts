import type { HttpRequestArgs } from "@berth/contracts";
import { fail } from "@berth/platform";
import { secretRefPattern } from "@berth/policy";
import { type Dispatcher, fetch, type Response } from "undici";
import type { z } from "zod";
import { hostOf } from "../gate/judge-call.ts";
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
  const host = hostOf(args.url) ?? fail("invalid_input", "The address is not a valid URL.");
  const put = (text: string, encode: (value: string) => string) =>
    text.replace(secretRefPattern, (_whole, name: string) => encode(useSecret(name, `http_request ${host}`)));
  const url = new URL(put(args.url, encodeURIComponent));
  if (url.hostname.toLowerCase() !== host) fail("invalid_input", "A secret cannot be part of the host's name.");
  if (!["http:", "https:"].includes(url.protocol))
    fail("invalid_input", "Only http and https addresses can be called.");
  if (url.username !== "" || url.password !== "")
    fail("invalid_input", "Put credentials into a header, not the address.");
  const headers = headersOf(args, put);
  const body = args.body === undefined ? null : put(args.body, encodingOf(headers));
  if (body !== null && ["GET", "HEAD"].includes(args.method)) fail("invalid_input", `${args.method} has no body.`);
  const signal = AbortSignal.timeout(timeoutMs);
  const request = { method: args.method, headers, body, dispatcher: proxy, redirect: "manual", signal } as const;
  try {
    return await describe(await follow(url, request), redactCut);
  } catch (error) {
    return { ok: false, text: `The request failed: ${reasonOf(error)}.` };
  }
}

/** `host` would lead a front that is allowed to another site behind it; the rest belongs to the connection (RFC 9110 §7.6.1). */
const headersOfTheConnection =
  /^(?:host|connection|content-length|expect|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i;

function headersOf(args: Args, put: (text: string, encode: (value: string) => string) => string) {
  const asHeader = (value: string): string =>
    /[\r\n]/.test(value) ? fail("invalid_input", "A secret with line breaks cannot be put into a header.") : value;
  const set = Object.keys(args.headers ?? {}).find((name) => headersOfTheConnection.test(name.trim()));
  if (set !== undefined)
    fail("invalid_input", `The header ${set.slice(0, 50)} cannot be set; it follows from the address.`);
  return Object.fromEntries(
    Object.entries(args.headers ?? {}).map(([name, value]) => [name.toLowerCase(), put(value, asHeader)]),
  );
}

/** A value is written so that it stays one value in the format of the body. */
function encodingOf(headers: Record<string, string>): (value: string) => string {
  const type = headers["content-type"] ?? "";
  if (/json/i.test(type)) return (value) => JSON.stringify(value).slice(1, -1);
  return /x-www-form-urlencoded/i.test(type) ? encodeURIComponent : (value) => value;
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
  if (bytes.includes(0)) return { text: `(binary data, ${bytes.length} bytes or more)`, cut: false };
  return { text: bytes.toString("utf8"), cut: size > maxResponseBytes };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown reason";
  if (error.name === "TimeoutError") return `no answer within ${timeoutMs / 1000} s`;
  return error.cause instanceof Error ? error.cause.message : error.message;
}
