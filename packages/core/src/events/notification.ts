import { HubEvent, TenantId } from "@berth/contracts";
import { z } from "zod";

/** The Postgres channel on which processes of the Hub tell one another that something was written. */
export const notificationChannel = "berth_events";

/** What travels on it: ids only (Postgres allows 8000 bytes), so that who hears it reads the row itself. */
export const HubNotification = z.discriminatedUnion("type", [
  HubEvent,
  z.object({ type: z.literal("command"), tenantId: TenantId, seq: z.int().positive() }),
]);
export type HubNotification = z.infer<typeof HubNotification>;
