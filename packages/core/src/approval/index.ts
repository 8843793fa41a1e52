export { decideApproval } from "./decide.ts";
export { expireApprovals } from "./expire-approvals.ts";
export { getApproval } from "./get-approval.ts";
export { listApprovals } from "./list-approvals.ts";
export { notifyApproval } from "./notify-approval.ts";
export { recordOutcome } from "./record-outcome.ts";
export { recordRequest } from "./record-request.ts";
