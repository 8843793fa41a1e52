import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { AppHeader } from "../../components/frame/app-header.tsx";
import { readSession } from "../../components/session/read-session.ts";
import { SendToSignIn } from "../../components/session/send-to-sign-in.tsx";

const links = [
  { href: "/admin/orders", label: "Orders" },
  { href: "/admin/tenants", label: "Tenants" },
  { href: "/admin/audit", label: "Audit" },
];

/** Staff only. For everybody else there is nothing here. */
export default async function AdminLayout({ children }: { children: ReactNode }) {
  const me = await readSession();
  if (!me) return <SendToSignIn />;
  if (me.kind !== "staff") notFound();
  return (
    <div className="flex min-h-dvh flex-col">
      <AppHeader email={me.email} links={links} home="/admin/orders" mark="Staff" />
      <main id="main" className="mx-auto w-full max-w-6xl flex-1 px-4 py-6 sm:px-6 sm:py-8">
        {children}
      </main>
      <footer className="border-t border-line px-4 py-4 text-center text-sm text-faint">
        Staff see orders, health and the log. Nobody here can read a customer's disk, secrets or chat.
      </footer>
    </div>
  );
}
