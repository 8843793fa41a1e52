export { createHubDeps, hubConfigOf, meterEventName } from "./create-hub-deps.ts";
export { HubSettings } from "./hub-settings.ts";
export { loadHubKeys, loadSealKey } from "./load-hub-keys.ts";
