export * from "./llm/index.ts";
export * from "./mail/index.ts";
export * from "./stripe/index.ts";
