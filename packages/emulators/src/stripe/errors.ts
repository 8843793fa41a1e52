export interface StripeErrorDetails {
  type: "invalid_request_error" | "idempotency_error" | "card_error" | "api_error";
  message: string;
  code?: string;
  param?: string;
  decline_code?: string;
}

/** An error as Stripe answers it: `{"error":{"type","message","code"?,"param"?,...}}`. */
export class StripeApiError extends Error {
  readonly status: number;
  readonly details: StripeErrorDetails;

  constructor(status: number, details: StripeErrorDetails) {
    super(details.message);
    this.name = "StripeApiError";
    this.status = status;
    this.details = details;
  }
}

/** 400 `invalid_request_error`, the commonest answer to a wrong request. */
export const invalidRequest = (message: string, more: { code?: string; param?: string } = {}): StripeApiError =>
  new StripeApiError(400, { type: "invalid_request_error", message, ...more });

/** 404 when the id is the address, 400 when it came as a parameter: so does Stripe. */
export const resourceMissing = (kind: string, id: string, param = "id"): StripeApiError =>
  new StripeApiError(param === "id" ? 404 : 400, {
    type: "invalid_request_error",
    code: "resource_missing",
    message: `No such ${kind}: '${id}'`,
    param,
  });

export const unknownUrl = (method: string, path: string): StripeApiError =>
  new StripeApiError(404, {
    type: "invalid_request_error",
    message: `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
  });

export function unauthorised(key: string | null): StripeApiError {
  const message = key
    ? `Invalid API Key provided: ${masked(key)}`
    : "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.";
  return new StripeApiError(401, { type: "invalid_request_error", message });
}

const masked = (key: string): string =>
  key.length > 12 ? `${key.slice(0, 8)}${"*".repeat(8)}${key.slice(-4)}` : "*".repeat(key.length);
