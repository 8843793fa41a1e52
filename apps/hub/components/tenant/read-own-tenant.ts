import { Tenant, TenantId } from "@berth/contracts";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { cache } from "react";
import { processApi } from "../../src/api/process-api.ts";

/**
 * The tenant of an address, as the person asking may see it; server only. Null for a stranger, and "not found" for an id that is
 * wrong, unknown or another organisation's, all alike.
 */
export const readOwnTenant = cache(async (id: string): Promise<Tenant | null> => {
  const tenantId = TenantId.safeParse(id);
  if (!tenantId.success) notFound();
  const cookie = (await headers()).get("cookie") ?? "";
  const url = `http://hub/api/portal/v1/tenants/${tenantId.data}`;
  const response = await processApi().fetch(new Request(url, { headers: { cookie } }));
  if (response.status === 401 || response.status === 403) return null;
  if (response.status === 404) notFound();
  return Tenant.parse(await response.json());
});
