export { type AuthenticateRequestInput, authenticateRequest } from "./authenticate-request.ts";
export { enrol } from "./enrol.ts";
export { getTenant } from "./get-tenant.ts";
export { listTenants } from "./list-tenants.ts";
export { presentTenant } from "./present-tenant.ts";
export { recordHeartbeat } from "./record-heartbeat.ts";
