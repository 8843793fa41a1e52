import { z } from "zod";

/** Prefixed, sortable ids: `<prefix>_<UUIDv7 without dashes>`. */
export const idOf = <P extends string>(prefix: P) =>
  z.templateLiteral([z.literal(`${prefix}_`), z.string().regex(/^[0-9a-f]{32}$/)]);

export const OrderId = idOf("ord");
export const TenantId = idOf("tnt");
export const ServerId = idOf("srv");
export const ApprovalId = idOf("apr");
export const FoundSecretId = idOf("fnd");
export type OrderId = z.infer<typeof OrderId>;
export type TenantId = z.infer<typeof TenantId>;
export type ServerId = z.infer<typeof ServerId>;
export type ApprovalId = z.infer<typeof ApprovalId>;
export type FoundSecretId = z.infer<typeof FoundSecretId>;

/** RFC 3339 in UTC, as it crosses process borders. Inside a process times are epoch milliseconds. */
export const Timestamp = z.iso.datetime();

/** Lower-case hex SHA-256. */
export const Sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

/** The name of a secret, never its value: what `SECRET_REF(name)` may hold. */
export const SecretName = z
  .string()
  .regex(
    /^[a-z][a-z0-9_-]{0,62}$/,
    "must start with a letter a-z and hold only a-z, 0-9, _ and -, at most 63 characters",
  );

/** Methods that `http_request` sends (RFC 9110 §9.3, RFC 5789). */
export const HttpMethod = z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);
export type HttpMethod = z.infer<typeof HttpMethod>;

/** Arguments of a tool call: a JSON object. The recursive shape has no finite form in OpenAPI, so its description is given. */
export const ToolArguments = z.record(z.string(), z.json()).meta({ type: "object", additionalProperties: true });
export type ToolArguments = z.infer<typeof ToolArguments>;

/** An agent on a tenant's server; `main` is the one every tenant starts with. */
export const AgentName = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/);
