export * from "./context.ts";
export * from "./deps.ts";
export * from "./events/index.ts";
export * from "./audit/record-audit.ts";
export * from "./audit/verify-audit-chain.ts";
export * from "./outbox/dispatch.ts";
export * from "./outbox/enqueue-job.ts";
