import { answerOf } from "@berth/api-client";
import {
  FoundSecret,
  type FoundSecretId,
  type KeepFoundSecretInput,
  pageOf,
  SecretNames,
  type TenantId,
} from "@berth/contracts";
import { hub } from "./hub.ts";

const foundSecrets = pageOf(FoundSecret);

export const readFoundSecrets = (tenantId: TenantId, query: { show: "open" | "settled"; cursor?: string }) =>
  answerOf(
    foundSecrets,
    hub.GET("/api/portal/v1/tenants/{tenantId}/found-secrets", {
      params: { path: { tenantId }, query: { limit: query.show === "open" ? 100 : 20, ...query } },
    }),
  );

export const readSecretNames = (tenantId: TenantId) =>
  answerOf(SecretNames, hub.GET("/api/portal/v1/tenants/{tenantId}/secret-names", { params: { path: { tenantId } } }));

export const keepFoundSecret = (foundId: FoundSecretId, body: KeepFoundSecretInput) =>
  answerOf(
    FoundSecret,
    hub.POST("/api/portal/v1/found-secrets/{foundId}/keep", { params: { path: { foundId } }, body }),
  );

export const dismissFoundSecret = (foundId: FoundSecretId) =>
  answerOf(FoundSecret, hub.POST("/api/portal/v1/found-secrets/{foundId}/dismiss", { params: { path: { foundId } } }));
