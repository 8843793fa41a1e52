import { HubSettings } from "@berth/core";
import { z } from "zod";

/** Environment of the Hub's API. */
export const HubApiSettings = HubSettings.extend({ BETTER_AUTH_SECRET: z.string().min(32) });
