import { z } from "zod";
import { demand, secondsOf } from "../call.ts";
import { endpoint } from "../endpoint.ts";
import { stripeId } from "../ids.ts";
import { pageOf } from "../lists.ts";
import { webhookEndpoint } from "../objects/event.ts";
import { boolean, emptyableText, listParams, mergeMetadata, metadata, params, text, webAddress } from "../params.ts";

export const eventEndpoints = [
  endpoint(
    "GET",
    "/v1/events",
    listParams({ type: text.optional(), types: text.array().max(20).optional(), delivery_success: boolean.optional() }),
    (call, query) =>
      pageOf(
        call.store
          .list("event")
          .filter(
            (one) =>
              (query.type === undefined || matches(one.type, query.type)) &&
              (query.types?.some((type) => matches(one.type, type)) ?? true) &&
              (query.delivery_success === undefined || query.delivery_success === (one.pending_webhooks === 0)),
          ),
        query,
        "/v1/events",
      ),
  ),
  endpoint("GET", "/v1/events/:id", params({}), (call, _params, id) => demand(call, "event", id)),
];

/** `charge.*` is a family of types. */
const matches = (type: string, wanted: string): boolean =>
  wanted.endsWith("*") ? type.startsWith(wanted.slice(0, -1)) : type === wanted;

const enabledEvents = z.array(text).min(1).max(100);

export const webhookEndpointEndpoints = [
  endpoint(
    "POST",
    "/v1/webhook_endpoints",
    params({
      url: webAddress,
      enabled_events: enabledEvents,
      api_version: text.optional(),
      description: emptyableText.optional(),
      metadata: metadata.optional(),
    }),
    (call, input) => {
      const made = webhookEndpoint({
        id: stripeId("we"),
        created: secondsOf(call),
        url: input.url,
        enabled_events: input.enabled_events,
        api_version: input.api_version ?? null,
        description: input.description || null,
        metadata: mergeMetadata({}, input.metadata),
      });
      const secret = stripeId("whsec", 32);
      call.store.put(made);
      call.store.hide(made.id, secret);
      return { ...made, secret }; // shown once, as at Stripe
    },
  ),
  endpoint("GET", "/v1/webhook_endpoints", listParams({}), (call, query) =>
    pageOf(call.store.list("webhook_endpoint"), query, "/v1/webhook_endpoints"),
  ),
  endpoint("GET", "/v1/webhook_endpoints/:id", params({}), (call, _params, id) => demand(call, "webhook_endpoint", id)),
  endpoint(
    "POST",
    "/v1/webhook_endpoints/:id",
    params({
      url: webAddress.optional(),
      enabled_events: enabledEvents.optional(),
      description: emptyableText.optional(),
      disabled: boolean.optional(),
      metadata: metadata.optional(),
    }),
    (call, input, id) => {
      const present = demand(call, "webhook_endpoint", id);
      return call.store.put({
        ...present,
        url: input.url ?? present.url,
        enabled_events: input.enabled_events ?? present.enabled_events,
        description: input.description === undefined ? present.description : input.description || null,
        metadata: mergeMetadata(present.metadata, input.metadata),
        status: input.disabled === undefined ? present.status : input.disabled ? "disabled" : "enabled",
      });
    },
  ),
  endpoint("DELETE", "/v1/webhook_endpoints/:id", params({}), (call, _params, id) => {
    demand(call, "webhook_endpoint", id);
    call.store.remove(id);
    return { id, object: "webhook_endpoint", deleted: true };
  }),
];
