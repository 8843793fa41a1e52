import { fail } from "@berth/platform";
import type { z } from "zod";
import type { Json } from "../json.ts";

/** Throws `invalid_input` that names the first field which is not as the schema says. The body stays as it came. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: Json): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  fail("invalid_input", `${issue?.path.map(String).join(".") || "body"}: ${issue?.message}`, { cause: parsed.error });
}

/** For a signed part that can be neither changed nor left out. */
export function refuseSigned(what: string): never {
  fail(
    "invalid_input",
    `${what} of the turn under way holds a secret and may be neither changed nor left out. Start a new conversation.`,
  );
}
