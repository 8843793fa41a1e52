export { createRedactor, type RedactionStream, type Redactor } from "./create-redactor.ts";
export { type NamedSecret, referenceTo, type Span } from "./registry.ts";
export type { SpanTracker } from "./span-tracker.ts";
