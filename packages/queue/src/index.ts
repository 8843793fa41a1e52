export type { QueueAddress } from "./connection.ts";
export * from "./consume.ts";
export * from "./enqueue.ts";
export * from "./wake-ups.ts";
