import { HubSettings } from "@berth/core";
import { z } from "zod";

/** Where servers come from. */
const ServerSettings = z.discriminatedUnion("VPS_PROVIDER", [
  z.object({
    VPS_PROVIDER: z.literal("local"),
    LOCAL_MODE: z.enum(["machine", "process"]),
    LAB_CACHE_DIR: z.string().min(1).optional(),
  }),
  z.object({
    VPS_PROVIDER: z.literal("hetzner"),
    HETZNER_TOKEN: z.string().min(1),
    /** A snapshot of Debian 12 that holds Node 24 and the pinned OpenClaw where `infra/images` puts them. */
    HETZNER_IMAGE: z.string().min(1),
    HETZNER_LOCATION: z.string().min(1).default("fsn1"),
  }),
]);

/** Environment of the worker: the Hub's, and what reaches servers. */
export const WorkerSettings = HubSettings.extend({
  HUB_SEAL_KEY_FILE: z.string().min(1),
  /** Folder of the lab (provider `local`) and of the DNS records. */
  LAB_DIR: z.string().min(1),
  /** Bundles of the tenant services; the folder's name is their version. */
  TENANT_ARTEFACT_DIR: z.string().min(1),
  LLM_ANTHROPIC_KEY: z.string().optional(),
  LLM_OPENAI_KEY: z.string().optional(),
  LLM_GOOGLE_KEY: z.string().optional(),
  SWEEP_INTERVAL_MS: z.coerce.number().int().min(1000).default(30_000),
}).and(ServerSettings);
export type WorkerSettings = z.infer<typeof WorkerSettings>;
