import type { Me } from "@berth/contracts";
import { type Actor, requireActor } from "@berth/core";

/** Throws `unauthenticated` for a stranger. */
export function meOf(actor: Actor): Me {
  const person = requireActor({ actor }, "customer", "staff");
  const { kind, userId, email } = person;
  if (person.kind === "staff") return { kind, userId, email, emailVerified: true, organizationId: null };
  return { kind, userId, email, emailVerified: person.emailVerified, organizationId: person.organizationId };
}
