/**
 * What a server tells about a value that looks like a secret and that its vault does not know, and what the customer says
 * to it. Neither the value nor anything that a guess could be held against is in here: no digest, no prefix.
 */
import { z } from "zod";
import { AgentName, FoundSecretId, SecretName, TenantId, Timestamp } from "./primitives.ts";

/** How long a server holds a found value for the customer's word, in milliseconds. */
export const foundSecretLifeMs = 24 * 3_600_000;
/** How many found values a server holds at a time; what is found beyond them is redacted all the same, but not offered. */
export const foundSecretsAtOnce = 50;

/** Where the value stood: in the result of a tool, or in the chat between customer and agent. */
export const SeenIn = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("tool"), tool: z.string().max(100) }),
  z.object({ kind: z.literal("chat") }),
]);
export type SeenIn = z.infer<typeof SeenIn>;

/** Up, `POST /found-secrets`: a value waits in the server's own ledger. The same report again changes nothing. */
export const ReportFoundSecretInput = z.object({
  id: FoundSecretId,
  /** The rule of the pattern layer that it looks like, as in `[REDACTED:rule]`. */
  rule: z.string().regex(/^[a-z0-9][a-z0-9-]{0,79}$/),
  /** Who issues such values, and what they call them: the rule's words. */
  vendor: z.string().max(100),
  what: z.string().max(200),
  seenIn: SeenIn,
  agent: AgentName,
  sessionKey: z.string().max(200),
  /** Characters of the value. */
  length: z.int().positive(),
  /** A name that is free in the vault, made from vendor and kind. */
  suggestedName: SecretName,
  foundAt: Timestamp,
  expiresAt: Timestamp,
});
export type ReportFoundSecretInput = z.infer<typeof ReportFoundSecretInput>;

/**
 * Up, `POST /found-secrets/{foundId}/outcome`. `kept`, `dismissed` and `expired` are the end of it: the ledger does not hold
 * the value any more. After `keep_refused` it still waits, until `expiresAt`.
 */
export const ReportFoundSecretOutcomeInput = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("kept"), name: SecretName, at: Timestamp }),
  z.object({ kind: z.literal("dismissed"), at: Timestamp }),
  z.object({ kind: z.literal("expired"), at: Timestamp }),
  z.object({ kind: z.literal("keep_refused"), name: SecretName, reason: z.string().max(500), at: Timestamp }),
]);
export type ReportFoundSecretOutcomeInput = z.infer<typeof ReportFoundSecretOutcomeInput>;

/**
 * Down, a JWS of type `berth-secret-keep+jws`: put the found value into the vault under this name. There is no place for
 * bindings, on purpose: a stolen Hub must not be able to bind a value to a host of its own. It is bound to nothing, so that
 * each use asks, until somebody binds it on the server itself.
 */
export const KeepSecretCommand = z.object({
  tenantId: TenantId,
  foundId: FoundSecretId,
  name: SecretName,
  decidedAt: Timestamp,
  decidedBy: z.string(),
});
export type KeepSecretCommand = z.infer<typeof KeepSecretCommand>;

/** Down, a JWS of type `berth-secret-dismiss+jws`: forget the found value; the same value is not offered again for a day. */
export const DismissSecretCommand = KeepSecretCommand.omit({ name: true });
export type DismissSecretCommand = z.infer<typeof DismissSecretCommand>;

/**
 * As the portal sees it: `waiting` for the customer; `keeping` and `dismissing` while the server has not said that it is
 * done; then one of three ends.
 */
export const FoundSecretState = z.enum(["waiting", "keeping", "dismissing", "kept", "dismissed", "expired"]);
export type FoundSecretState = z.infer<typeof FoundSecretState>;

export const FoundSecret = ReportFoundSecretInput.extend({
  tenantId: TenantId,
  state: FoundSecretState,
  /** The name it is kept under, or shall be. */
  name: SecretName.nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: Timestamp.nullable(),
  /** Why the server did not keep it under the last name that was asked for. */
  problem: z.string().nullable(),
  settledAt: Timestamp.nullable(),
});
export type FoundSecret = z.infer<typeof FoundSecret>;

export const KeepFoundSecretInput = z.object({ name: SecretName });
export type KeepFoundSecretInput = z.infer<typeof KeepFoundSecretInput>;

/** A secret of the vault by name. `bound`: some use of it need not ask. */
export const VaultSecretName = z.object({
  name: SecretName,
  owner: z.enum(["customer", "generated", "operator"]),
  bound: z.boolean(),
});
export type VaultSecretName = z.infer<typeof VaultSecretName>;

/** Up, `POST /secret-names`: the names that the vault holds (of very many the first by name), after each change of them. */
export const ReportSecretNamesInput = z.object({ secrets: z.array(VaultSecretName).max(5000), at: Timestamp });
export type ReportSecretNamesInput = z.infer<typeof ReportSecretNamesInput>;

/** The same for the portal; null until the server has said it once. */
export const SecretNames = z.object({ secrets: z.array(VaultSecretName).nullable(), at: Timestamp.nullable() });
export type SecretNames = z.infer<typeof SecretNames>;
