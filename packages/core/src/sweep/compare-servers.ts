import type { CtxWith } from "../context.ts";

export interface ServerComparison {
  /** At the provider and not in our books. Reported and left alone: only a person may decide what they are. */
  unknown: { id: string; name: string }[];
  /** In our books as made and not at the provider. */
  missing: { serverId: string; name: string }[];
}

/** Compares our servers with what the provider really has. */
export async function compareServers(ctx: CtxWith<"vps">): Promise<ServerComparison> {
  const { vps } = ctx.deps;
  // Read the books after the provider, so that a server ordered in between is in both or in the books only as "requested".
  const there = await vps.listServers();
  const here = await ctx.db.server.findMany({ where: { provider: vps.name, status: { not: "destroyed" } } });
  const names = new Set(here.map((server) => server.name));
  const present = new Set(there.map((server) => server.name));
  const unknown = there.filter((server) => !names.has(server.name)).map(({ id, name }) => ({ id, name }));
  const missing = here
    .filter((server) => (server.status === "created" || server.status === "running") && !present.has(server.name))
    .map((server) => ({ serverId: server.id, name: server.name }));
  for (const server of unknown) ctx.log.warn({ providerServerId: server.id, name: server.name }, "an unknown server");
  for (const server of missing) ctx.log.error({ ...server }, "a server is missing at the provider");
  return { unknown, missing };
}
