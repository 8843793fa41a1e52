export * from "./llm/index.ts";
export * from "./stripe/index.ts";
