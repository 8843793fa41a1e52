export * from "./client.ts";
export * from "./for-organization.ts";
export * from "./generated/client.ts";
export * from "./migrate.ts";
