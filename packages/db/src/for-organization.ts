import { AppError } from "@berth/platform";
import type { Db } from "./client.ts";

/** How a row of each readable model says which organisation it belongs to. A model that is not here can't be read. */
const ownership: Record<string, (organizationId: string) => object> = {
  Order: (organizationId) => ({ organizationId }),
  OrderStep: (organizationId) => ({ order: { organizationId } }),
  Tenant: (organizationId) => ({ organizationId }),
  ApprovalRequest: (organizationId) => ({ organizationId }),
  FoundSecret: (organizationId) => ({ organizationId }),
  UsageBucket: (organizationId) => ({ tenant: { organizationId } }),
  MeterReport: (organizationId) => ({ tenant: { organizationId } }),
  PolicyVersion: (organizationId) => ({ tenant: { organizationId } }),
  AuditEvent: (organizationId) => ({ organizationId }),
};

const readOperations = new Set([
  "findUnique",
  "findUniqueOrThrow",
  "findFirst",
  "findFirstOrThrow",
  "findMany",
  "count",
  "aggregate",
  "groupBy",
]);

/** What a view can read; the type leaves out what would be refused at run time. */
export type OrganizationView = Pick<
  Db,
  | "order"
  | "orderStep"
  | "tenant"
  | "approvalRequest"
  | "foundSecret"
  | "usageBucket"
  | "meterReport"
  | "policyVersion"
  | "auditEvent"
>;

/**
 * A view of the database that sees one organisation's rows only: another organisation's row is as absent as an unknown one.
 * It reads; a verb writes through its own transaction, after it has found the row here.
 * Throws AppError `internal` for a model without an owner and for anything but a read.
 */
export function forOrganization(db: Db, organizationId: string): OrganizationView {
  const view = db.$extends({
    name: "organization",
    query: {
      $allModels: {
        async $allOperations({ model, operation, args, query }) {
          const owned = ownership[model];
          if (!owned || !readOperations.has(operation)) {
            throw new AppError("internal", "Something went wrong.", {
              internal: `${model}.${operation} is not possible inside one organisation's view`,
            });
          }
          // Each read operation listed above takes an optional `where` object.
          const where = (args as { where?: { AND?: object | object[] } }).where ?? {};
          const conditions = [where.AND ?? []].flat();
          const scoped = { ...args, where: { ...where, AND: [...conditions, owned(organizationId)] } };
          return query(scoped as typeof args);
        },
      },
      $queryRaw: refuseRaw,
      $queryRawUnsafe: refuseRaw,
      $executeRaw: refuseRaw,
      $executeRawUnsafe: refuseRaw,
    },
  });
  return view as unknown as OrganizationView; // an extension that only narrows `where` answers in the same shapes
}

function refuseRaw(): never {
  throw new AppError("internal", "Something went wrong.", {
    internal: "raw SQL is not possible inside one organisation's view",
  });
}
