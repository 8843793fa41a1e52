import type { HubEvent } from "@berth/contracts";
import type { Tx } from "@berth/db";
import { type HubNotification, notificationChannel } from "./notification.ts";

/** Postgres sends it when the transaction of `tx` commits, and never if it does not. */
export async function notify(tx: Tx, notification: HubNotification): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${notificationChannel}, ${JSON.stringify(notification)})`;
}

/** Tells the browsers of one organisation that they shall read `entity` again. Call it in the transaction that changed it. */
export async function publishEvent(tx: Tx, event: Omit<HubEvent, "type">): Promise<void> {
  await notify(tx, { type: "changed", ...event });
}
