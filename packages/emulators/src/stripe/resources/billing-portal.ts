import { demand, secondsOf } from "../call.ts";
import { endpoint } from "../endpoint.ts";
import { stripeId } from "../ids.ts";
import { portalSession } from "../objects/billing-portal.ts";
import { params, text, webAddress } from "../params.ts";

export const billingPortalEndpoints = [
  endpoint(
    "POST",
    "/v1/billing_portal/sessions",
    params({
      customer: text,
      return_url: webAddress.optional(),
      locale: text.optional(),
      configuration: text.optional(),
    }),
    (call, input) => {
      demand(call, "customer", input.customer, "customer");
      const id = stripeId("bps");
      return call.store.put(
        portalSession({
          id,
          created: secondsOf(call),
          customer: input.customer,
          configuration: input.configuration ?? "bpc_emulated",
          return_url: input.return_url ?? null,
          locale: input.locale ?? null,
          url: `${call.publicUrl()}/p/session/${id}`,
        }),
      );
    },
  ),
];
