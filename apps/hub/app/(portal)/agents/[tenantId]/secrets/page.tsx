import { ScrollPage } from "../../../../../components/frame/scroll-page.tsx";
import { SecretsPage as Secrets } from "../../../../../components/secrets/secrets-page.tsx";
import { readOwnTenant } from "../../../../../components/tenant/read-own-tenant.ts";

export const metadata = { title: "Secrets" };

export default async function SecretsPage({ params }: { params: Promise<{ tenantId: string }> }) {
  const tenant = await readOwnTenant((await params).tenantId);
  return tenant ? (
    <ScrollPage>
      <Secrets tenantId={tenant.id} />
    </ScrollPage>
  ) : null;
}
