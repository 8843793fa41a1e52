import type { Metadata } from "next";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { readOwnTenant } from "../../../../components/tenant/read-own-tenant.ts";
import { TenantRoom } from "../../../../components/tenant/tenant-room.tsx";

interface Props {
  params: Promise<{ tenantId: string }>;
  children: ReactNode;
}

const withAnAgent = new Set(["ACTIVE", "SUSPENDED"]);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const tenant = await readOwnTenant((await params).tenantId);
  const name = tenant?.name ?? "Agent";
  return { title: { default: name, template: `%s · ${name} · Berth` } };
}

export default async function TenantLayout({ params, children }: Props) {
  const tenant = await readOwnTenant((await params).tenantId);
  if (!tenant) return null; // the portal's layout sends strangers to the sign-in page
  if (!withAnAgent.has(tenant.orderState)) redirect(`/orders/${tenant.orderId}`);
  return <TenantRoom tenant={tenant}>{children}</TenantRoom>;
}
