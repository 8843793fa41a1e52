export { createRedactor } from "./create-redactor.ts";
export type { Hit } from "./hit.ts";
export type { RedactionStream, Redactor, Segment } from "./redactor.ts";
export type { NamedSecret } from "./registry.ts";
export { referenceTo, replacementFor } from "./replacement.ts";
export type { SpanTracker } from "./span-tracker.ts";
