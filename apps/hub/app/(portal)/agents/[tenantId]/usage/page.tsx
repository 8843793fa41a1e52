import { ScrollPage } from "../../../../../components/frame/scroll-page.tsx";
import { readOwnTenant } from "../../../../../components/tenant/read-own-tenant.ts";
import { UsagePage as Usage } from "../../../../../components/usage/usage-page.tsx";

export const metadata = { title: "Usage" };

export default async function UsagePage({ params }: { params: Promise<{ tenantId: string }> }) {
  const tenant = await readOwnTenant((await params).tenantId);
  return tenant ? (
    <ScrollPage>
      <Usage tenantId={tenant.id} />
    </ScrollPage>
  ) : null;
}
