export * from "./context.ts";
export * from "./deps.ts";
