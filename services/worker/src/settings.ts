import { HubSettings } from "@berth/core";
import { z } from "zod";

/** Environment of the worker: the Hub's, and what reaches servers. */
export const WorkerSettings = HubSettings.extend({
  HUB_SEAL_KEY_FILE: z.string().min(1),
  VPS_PROVIDER: z.enum(["local"]).default("local"),
  LOCAL_MODE: z.enum(["machine", "process"]),
  LAB_DIR: z.string().min(1),
  LAB_CACHE_DIR: z.string().min(1).optional(),
  /** Bundles of the tenant services; the folder's name is their version. */
  TENANT_ARTEFACT_DIR: z.string().min(1),
  LLM_ANTHROPIC_KEY: z.string().optional(),
  LLM_OPENAI_KEY: z.string().optional(),
  SWEEP_INTERVAL_MS: z.coerce.number().int().min(1000).default(30_000),
});
export type WorkerSettings = z.infer<typeof WorkerSettings>;
