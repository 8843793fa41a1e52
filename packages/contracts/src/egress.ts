/** What may leave a customer's server past the LLM providers, and what the Hub is told of that which may not. */
import { z } from "zod";
import { Timestamp } from "./primitives.ts";

/**
 * One entry of a list of allowed hosts. `example.com` and `*.example.com` (names below it, not itself): TLS on port 443.
 * With `:port`: exactly that port. A name must lead to public addresses whatever its port; a private address is reached only
 * where it is itself written down, with its port: `10.0.0.5:5432`, `[fd00::5]:5432`.
 */
export const HostRule = z
  .string()
  .max(300)
  .regex(
    /^(?:(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?::\d{1,5})?|\[[0-9a-f:.]+\]:\d{1,5})$/i,
    "must be a host name, *.suffix, name:port or [IPv6 address]:port, without a path",
  );
export type HostRule = z.infer<typeof HostRule>;

/** Who asked to be let out; each has a door of its own, which the firewall opens to its user alone. */
export const EgressClient = z.enum(["gateway", "executor"]);
export type EgressClient = z.infer<typeof EgressClient>;

/** Why something was not let out. From `not_ready` on they are faults, before it acts of the policy. */
export const EgressRefusal = z.enum([
  "not_listed",
  "port",
  "address",
  "unreadable",
  "secret_in_name",
  "private_address",
  "no_greeting",
  "other_server",
  "hidden_server",
  "method",
  "not_ready",
  "abandoned",
  "no_address",
  "unreachable",
]);
export type EgressRefusal = z.infer<typeof EgressRefusal>;

/** A host that was refused, as it may be told: its last labels, never a path, a query or what looks like a payload. */
export const RefusedHost = z.object({
  host: z
    .string()
    .max(80)
    .regex(/^[\x20-\x7e…]+$/),
  client: EgressClient,
  reason: EgressRefusal,
  count: z.int().positive(),
  lastAt: Timestamp,
});
export type RefusedHost = z.infer<typeof RefusedHost>;

/** Refusals by policy: how many since the server was made, and the hosts of the last day, newest first. */
export const EgressReport = z.object({ refusedTotal: z.int().nonnegative(), recent: z.array(RefusedHost).max(10) });
export type EgressReport = z.infer<typeof EgressReport>;
