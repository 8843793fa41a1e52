export { getUsage } from "./get-usage.ts";
export { type Reconciliation, reconcileUsage } from "./reconcile-usage.ts";
export { recordUsage } from "./record-usage.ts";
export { reportUsage } from "./report-usage.ts";
