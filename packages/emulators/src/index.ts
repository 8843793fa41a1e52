export * from "./llm/index.ts";
