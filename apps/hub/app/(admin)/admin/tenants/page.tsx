import { TenantList } from "../../../../components/admin/tenant-list.tsx";

export const metadata = { title: "Tenants" };

export default function AdminTenantsPage() {
  return <TenantList />;
}
