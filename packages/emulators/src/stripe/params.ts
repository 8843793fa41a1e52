import { z } from "zod";
import { invalidRequest, type StripeApiError } from "./errors.ts";
import type { FormObject } from "./form.ts";

export const text = z.string().min(1).max(5000);
export const emptyableText = z.string().max(5000);
export const integer = z
  .string()
  .regex(/^-?\d{1,15}$/, "integer")
  .transform(Number);
export const amount = z
  .string()
  .regex(/^\d{1,12}$/, "integer")
  .transform(Number);
export const decimal = z.string().regex(/^\d{1,12}(\.\d{1,12})?$/, "decimal");
export const boolean = z.enum(["true", "false"], "boolean").transform((value) => value === "true");
export const webAddress = z.url({ protocol: /^https?$/, error: "url" }).max(5000);

/** `""` clears all keys, an empty value clears one; see `mergeMetadata`. */
export const metadata = z.union([z.literal(""), z.record(z.string().max(40), z.string().max(500))]);
export type MetadataParam = z.infer<typeof metadata>;

export function mergeMetadata(
  present: Record<string, string>,
  change: MetadataParam | undefined,
): Record<string, string> {
  if (change === undefined) return present;
  if (change === "") return {};
  return Object.fromEntries(Object.entries({ ...present, ...change }).filter(([, value]) => value !== ""));
}

const expand = { expand: z.array(z.string().max(200)).max(20).optional() };
const created = {
  created: z
    .union([integer, z.strictObject({ gt: integer, gte: integer, lt: integer, lte: integer }).partial()])
    .optional(),
};
const page = {
  limit: integer.pipe(z.int("limit").min(1, "limit").max(100, "limit")).optional(),
  starting_after: text.optional(),
  ending_before: text.optional(),
};

/** Parameters of one request: what is not listed is refused as unknown, like Stripe does. */
export const params = <S extends z.ZodRawShape>(shape: S) => z.strictObject({ ...shape, ...expand });
export const listParams = <S extends z.ZodRawShape>(shape: S) =>
  z.strictObject({ ...shape, ...page, ...created, ...expand });

export const addressParam = z
  .strictObject({
    city: emptyableText,
    country: emptyableText,
    line1: emptyableText,
    line2: emptyableText,
    postal_code: emptyableText,
    state: emptyableText,
  })
  .partial();

export function parseParams<T>(schema: z.ZodType<T>, form: FormObject): T {
  const parsed = schema.safeParse(form);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw issue ? errorOf(issue, form) : invalidRequest("Invalid request.");
}

type Issue = z.core.$ZodIssue;

function errorOf(issue: Issue, form: FormObject): StripeApiError {
  const param = bracketed(issue.path);
  if (issue.code === "unrecognized_keys") {
    const names = issue.keys.map((key) => bracketed([...issue.path, key]));
    const word = names.length > 1 ? "parameters" : "parameter";
    return invalidRequest(`Received unknown ${word}: ${names.join(", ")}`, {
      code: "parameter_unknown",
      param: names[0] ?? "",
    });
  }
  const given = valueAt(form, issue.path);
  if (given === undefined) {
    return invalidRequest(`Missing required param: ${param}.`, { code: "parameter_missing", param });
  }
  const shown = typeof given === "string" ? given : JSON.stringify(given);
  if (issue.message === "limit") return invalidRequest(`Invalid limit: must be between 1 and 100`, { param });
  if (issue.message === "url") return invalidRequest("Not a valid URL", { code: "url_invalid", param });
  if (issue.message === "integer") {
    return invalidRequest(`Invalid integer: ${shown}`, { code: "parameter_invalid_integer", param });
  }
  if (given === "") {
    return invalidRequest(
      `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`,
      {
        code: "parameter_invalid_empty",
        param,
      },
    );
  }
  if (issue.code === "invalid_value" && issue.message !== "boolean") {
    return invalidRequest(`Invalid ${param}: must be one of ${issue.values.join(", ")}`, { param });
  }
  return invalidRequest(`Invalid ${issue.message === "boolean" ? "boolean" : param}: ${shown}`, { param });
}

const bracketed = (path: readonly PropertyKey[]): string =>
  path.map((segment, depth) => (depth === 0 ? String(segment) : `[${String(segment)}]`)).join("");

function valueAt(form: FormObject, path: readonly PropertyKey[]): unknown {
  let value: unknown = form;
  for (const segment of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.entries(value).find(([key]) => key === String(segment))?.[1];
  }
  return value;
}
