export { HubNotification } from "./notification.ts";
export { publishEvent } from "./publish.ts";
export { type Subscription, subscribe } from "./subscribe.ts";
