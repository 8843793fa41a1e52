/** Both of OpenAI's formats refuse alike: https://platform.openai.com/docs/guides/error-codes */
import type { Json } from "../json.ts";

const errorTypes: Record<number, { type: string; code: string | null }> = {
  401: { type: "invalid_request_error", code: "invalid_api_key" },
  404: { type: "invalid_request_error", code: "unknown_url" },
  429: { type: "insufficient_quota", code: "insufficient_quota" },
};

export const openaiErrorBody = (status: number, message: string): Json => ({
  error: {
    message,
    param: null,
    ...(errorTypes[status] ?? { type: status < 500 ? "invalid_request_error" : "server_error", code: null }),
  },
});

export const openaiKeyHeaders = (apiKey: string): Record<string, string> => ({ authorization: `Bearer ${apiKey}` });
export const openaiHeaders = /^(?:openai|x-stainless)-[a-z0-9-]{1,60}$/;

/** Where a request names no limit: the most that a current model writes. */
export const openaiOutputMax = 128_000;
