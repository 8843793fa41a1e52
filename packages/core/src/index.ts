export * from "./context.ts";
export * from "./deps.ts";
export * from "./events/index.ts";
