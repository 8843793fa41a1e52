import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { AppHeader } from "../../components/frame/app-header.tsx";
import { readSession } from "../../components/session/read-session.ts";
import { SendToSignIn } from "../../components/session/send-to-sign-in.tsx";

const links = [{ href: "/agents", label: "Agents" }];

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const me = await readSession();
  if (!me) return <SendToSignIn />;
  if (me.kind === "staff") redirect("/admin/orders");
  return (
    <div className="flex h-dvh flex-col">
      <AppHeader email={me.email} links={links} home="/agents" />
      {children}
    </div>
  );
}
