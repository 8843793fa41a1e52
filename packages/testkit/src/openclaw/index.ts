export * from "./gateway-rpc.ts";
export * from "./openclaw-dir.ts";
export * from "./start-gateway.ts";
