import { AuditList } from "../../../../components/admin/audit-list.tsx";

export const metadata = { title: "Audit log" };

export default function AdminAuditPage() {
  return <AuditList />;
}
