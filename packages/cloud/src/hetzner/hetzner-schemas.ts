/** What we read of Hetzner Cloud's answers (api.hetzner.cloud/v1). A root password that an answer may hold is not read. */
import { z } from "zod";

export const HetznerServer = z.object({
  id: z.int().positive(),
  name: z.string(),
  status: z.enum([
    "running",
    "initializing",
    "starting",
    "stopping",
    "off",
    "deleting",
    "migrating",
    "rebuilding",
    "unknown",
  ]),
  public_net: z.object({ ipv4: z.object({ ip: z.ipv4() }).nullable() }),
  labels: z.record(z.string(), z.string()),
});
export type HetznerServer = z.infer<typeof HetznerServer>;

const Meta = z.object({ pagination: z.object({ next_page: z.int().nullable() }) });

export const ServerAnswer = z.object({ server: HetznerServer });
export const ServersAnswer = z.object({ servers: z.array(HetznerServer), meta: Meta });
export const ActionAnswer = z.object({ action: z.object({ id: z.int(), status: z.string() }) });

export const ServerType = z.object({
  name: z.string(),
  architecture: z.string(),
  cores: z.number(),
  /** GB */
  memory: z.number(),
  /** GB */
  disk: z.number(),
  locations: z.array(
    z.object({ name: z.string(), deprecation: z.object({ unavailable_after: z.string() }).nullable() }),
  ),
  prices: z.array(z.object({ location: z.string(), price_monthly: z.object({ gross: z.string() }) })),
});
export type ServerType = z.infer<typeof ServerType>;
export const ServerTypesAnswer = z.object({ server_types: z.array(ServerType), meta: Meta });

export const ErrorAnswer = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
