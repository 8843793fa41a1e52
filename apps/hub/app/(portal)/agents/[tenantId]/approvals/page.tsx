import { Inbox } from "../../../../../components/approvals/inbox.tsx";
import { ScrollPage } from "../../../../../components/frame/scroll-page.tsx";
import { readOwnTenant } from "../../../../../components/tenant/read-own-tenant.ts";

export const metadata = { title: "Approvals" };

export default async function ApprovalsPage({ params }: { params: Promise<{ tenantId: string }> }) {
  const tenant = await readOwnTenant((await params).tenantId);
  return tenant ? (
    <ScrollPage>
      <Inbox tenantId={tenant.id} />
    </ScrollPage>
  ) : null;
}
