import type { HttpRequestArgs } from "@berth/contracts";
import { fail } from "@berth/platform";
import type { z } from "zod";
import { type HttpTarget, httpTargetOf } from "./http-target.ts";
import { percentPlace, planBody } from "./plan-body.ts";
import { fill, templateOf } from "./template.ts";
import { type Encode, headerName, headerValue } from "./value-encodings.ts";

type Args = z.infer<typeof HttpRequestArgs>;

export interface ResolvedRequest {
  url: URL;
  /** Lower-case names. */
  headers: [string, string][];
  body: string | null;
}

/** A request whose references stand where a value can be put in; `resolve` puts them in. */
export interface PlannedRequest {
  target: HttpTarget;
  /** Throws `invalid_input` for a value that cannot be written where it belongs; the value is never quoted. */
  resolve(secretOf: (name: string) => string): ResolvedRequest;
}

/** Throws `invalid_input` with the way out for a request that cannot be sent, before any value is asked for. */
export function planRequest(args: Args): PlannedRequest {
  const target = httpTargetOf(args.url);
  if (typeof target === "string") return fail("invalid_input", target);
  const { body, headers = {} } = args;
  if (body !== undefined && ["GET", "HEAD"].includes(args.method)) fail("invalid_input", `${args.method} has no body.`);
  const connection = Object.keys(headers).find((name) => connectionHeaders.test(name.trim()));
  if (connection !== undefined) refuseHeader(connection);
  const url = templateOf(args.url);
  const urlEncodings = url.names.map((_, at) => percentPlace(url, at));
  const content = templateOf(body ?? "");
  const bodyEncodings = planBody(content, typeOf(headers));
  return {
    target,
    resolve(secretOf) {
      const put = (text: string, encode: Encode) => fill(templateOf(text), (name) => encode(secretOf(name), name));
      const putAll = (template: typeof url, encodings: Encode[]) =>
        fill(template, (name, at) => encodings[at]?.(secretOf(name), name) ?? "");
      const resolved = new URL(putAll(url, urlEncodings));
      if (resolved.hostname !== target.host) fail("invalid_input", "A secret cannot change the host of an address.");
      return {
        url: resolved,
        headers: Object.entries(headers).map(([name, value]) => {
          const ownName = put(name, headerName).trim().toLowerCase();
          if (connectionHeaders.test(ownName)) refuseHeader(name);
          return [ownName, put(value, headerValue)];
        }),
        body: body === undefined ? null : putAll(content, bodyEncodings),
      };
    },
  };
}

/** `host` would lead a front that is allowed to another site behind it; the rest belongs to the connection (RFC 9110 §7.6.1). */
const connectionHeaders =
  /^(?:host|connection|content-length|expect|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i;

const refuseHeader = (name: string): never =>
  fail("invalid_input", `The header ${name.slice(0, 50)} cannot be set; it follows from the address.`);

function typeOf(headers: Record<string, string>): string | undefined {
  const type = Object.entries(headers).find(([name]) => name.trim().toLowerCase() === "content-type")?.[1];
  if (type !== undefined && templateOf(type).names.length > 0)
    fail("invalid_input", "A secret cannot stand in content-type: how the body is written depends on it.");
  return type;
}
