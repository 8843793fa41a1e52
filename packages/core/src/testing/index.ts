export { createHubWorld, type HubWorld } from "./hub-world.ts";
export { absent, as, createTestCtx, type TestCtx } from "./test-ctx.ts";
export { customerActor, openTestHub, type TestHub } from "./with-database.ts";
