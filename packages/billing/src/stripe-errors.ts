import { AppError } from "@berth/platform";
import Stripe from "stripe";

/** Runs a call to Stripe; whatever it throws comes out as `AppError`. */
export async function callStripe<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    throw stripeErrorOf(thrown);
  }
}

/**
 * Stripe's error as ours. The original is not kept as `cause`: it carries headers and, for a wrong key, part of the key.
 * What an operator needs (type, code, request id) goes into `internal`.
 */
export function stripeErrorOf(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (!(thrown instanceof Stripe.errors.StripeError)) {
    return new AppError("internal", "The payment could not be handled.", { internal: String(thrown) });
  }
  const internal = `stripe ${thrown.type} ${thrown.code ?? "-"} param=${thrown.param ?? "-"} request=${thrown.requestId ?? "-"}`;
  const { errors } = Stripe;
  if (thrown instanceof errors.StripeConnectionError || thrown instanceof errors.StripeAPIError) {
    return new AppError("unavailable", "The payment provider does not answer. Try again in a moment.", { internal });
  }
  if (thrown instanceof errors.StripeRateLimitError) {
    return new AppError("rate_limited", "The payment provider is busy. Try again in a moment.", { internal });
  }
  if (thrown instanceof errors.StripeIdempotencyError) {
    return new AppError("conflict", "This payment was already started with other details.", { internal });
  }
  if (thrown.code === "resource_missing") {
    return new AppError("not_found", "The payment provider does not know this.", { internal });
  }
  return new AppError("internal", "The payment could not be handled.", { internal });
}

/** Whether Stripe refused a call with this code, e.g. because the wish is already fulfilled. */
export const isStripeCode = (thrown: unknown, code: string): boolean =>
  thrown instanceof Stripe.errors.StripeError && thrown.code === code;
