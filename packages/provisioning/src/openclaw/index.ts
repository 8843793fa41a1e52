export * from "./openclaw-config.ts";
export * from "./openclaw-environment.ts";
