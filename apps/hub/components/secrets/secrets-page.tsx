import type { TenantId } from "@berth/contracts";
import { PageHead } from "@berth/ui";
import { FoundList } from "./found-list.tsx";
import { SettledList } from "./settled-list.tsx";
import { VaultNames } from "./vault-names.tsx";

export function SecretsPage({ tenantId }: { tenantId: TenantId }) {
  return (
    <>
      <PageHead
        title="Secrets"
        lead="Passwords, keys and tokens that your agent uses by name. Their values stay on its server; neither the model nor Berth sees them."
      />
      <FoundList />
      <VaultNames tenantId={tenantId} />
      <SettledList tenantId={tenantId} />
    </>
  );
}
