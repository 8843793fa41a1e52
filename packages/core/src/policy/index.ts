export { ensurePolicy } from "./ensure-policy.ts";
export type { PolicyChange, PublishedPolicy } from "./next-version.ts";
export { publishPolicy } from "./publish-policy.ts";
