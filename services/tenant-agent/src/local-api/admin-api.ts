import { VaultSeedEntry } from "@berth/contracts";
import type { Vault } from "@berth/vault";
import type { SecretRegistry } from "../gate/secret-registry.ts";
import { type AnyRoute, noBody, route } from "./serve-socket.ts";

export interface AdminApiDeps {
  vault: Vault;
  secrets: Pick<SecretRegistry, "refresh">;
  status: () => unknown;
}

/** For `berth-vault` and people on the machine itself. Values go in; none ever comes out. */
export const adminRoutes = ({ vault, secrets, status }: AdminApiDeps): Record<string, AnyRoute> => ({
  "GET /v1/status": route(noBody, () => status()),
  "GET /v1/secrets": route(noBody, () => ({ secrets: vault.list() })),
  "PUT /v1/secrets": route(VaultSeedEntry, (entry) => {
    const info = vault.set(entry);
    secrets.refresh();
    return info;
  }),
  "DELETE /v1/secrets/*": route(noBody, (_body, name) => {
    const removed = vault.remove(name);
    secrets.refresh();
    return { removed };
  }),
  "GET /v1/audit": route(noBody, () => ({ entries: vault.audit() })),
  "GET /v1/audit/break": route(noBody, () => ({ brokenAt: vault.findAuditBreak() })),
});
