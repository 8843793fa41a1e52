/** Both of OpenAI's formats refuse alike: https://platform.openai.com/docs/guides/error-codes */
import type { IncomingHttpHeaders } from "node:http";
import type { WireError, WireFormat } from "./wire-format.ts";

export const openaiError = (
  status: number,
  message: string,
  param: string | null = null,
  code: string | null = null,
): WireError => ({ status, body: { error: { message, type: "invalid_request_error", param, code } } });

/** A body that does not have the documented shape, by the first thing that is wrong with it. */
export function openaiShapeError(issue: { path: PropertyKey[]; message: string } | undefined): WireError {
  const param = issue?.path.map(String).join(".") ?? "";
  return openaiError(400, `Invalid value for '${param}': ${issue?.message}`, param, "invalid_type");
}

export const openaiDoor: Pick<WireFormat, "provider" | "keyOf" | "unauthorised" | "notFound" | "tooLarge"> = {
  provider: "openai",
  keyOf: (headers: IncomingHttpHeaders) => (headers.authorization ?? "").replace(/^Bearer /, ""),
  unauthorised: () => openaiError(401, "Incorrect API key provided.", null, "invalid_api_key"),
  notFound: (method, path) => openaiError(404, `Invalid URL (${method} ${path})`),
  tooLarge: () => openaiError(413, "The request is larger than the maximum size."),
};
