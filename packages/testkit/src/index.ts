export * from "./free-port.ts";
export type {} from "./global-setup.ts";
export * from "./hub-world.ts";
export * from "./leak-scan/index.ts";
export * from "./postgres/start-postgres.ts";
export * from "./postgres/test-database.ts";
export * from "./redis/start-redis.ts";
