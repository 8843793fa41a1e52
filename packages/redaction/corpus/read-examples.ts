import { readFileSync } from "node:fs";
import { z } from "zod";

const here = new URL(".", import.meta.url);
const parts = { visible: "examples/visible.jsonl", heldOut: "examples/held-out.jsonl" };
export type Part = keyof typeof parts;

/** Stored in pieces, so that a scanner that looks over a repository does not take an example for a leak. */
const Pieces = z
  .union([z.string(), z.array(z.string()).min(2)])
  .transform((text) => (Array.isArray(text) ? text.join("") : text));

const Example = z.strictObject({
  vendor: z.string().min(1),
  kind: z.string().min(2),
  value: Pieces,
  context: Pieces.optional(),
  carrier: Pieces.optional(),
  source: z.url({ protocol: /^https$/ }),
  verified: z.enum(["page", "format"]),
});
export type Example = z.infer<typeof Example>;

/** All examples of one part, in the file's order. `README.md` says what the fields mean. */
export function readExamples(part: Part): Example[] {
  const lines = readFileSync(new URL(parts[part], here), "utf8").split("\n").filter(Boolean);
  return lines.map((line) => Example.parse(JSON.parse(line)));
}
