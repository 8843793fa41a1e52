"use client";

import type { Tenant } from "@berth/contracts";
import { Callout } from "@berth/ui";
import Link from "next/link";
import { type ReactNode, useCallback } from "react";
import { ApprovalsProvider, usePendingApprovals } from "../approvals/approvals-provider.tsx";
import { ChatProvider } from "../chat/chat-provider.tsx";
import { ConnectionLine } from "../chat/connection-line.tsx";
import { NavLinks } from "../frame/nav-links.tsx";
import { readTenant } from "../hub-api/portal-calls.ts";
import { useRead } from "../hub-api/use-read.ts";
import { TenantLinkProvider, useReloadOnChange } from "../link/tenant-link-provider.tsx";
import { SecretsProvider, useFoundSecrets } from "../secrets/secrets-provider.tsx";
import { RefusedNote } from "./refused-note.tsx";
import { HealthBadge, IsolationBadge } from "./tenant-badges.tsx";

const pollMs = 15_000;

/** All pages of one agent: its line, its conversation and its open requests live as long as one stays with it. */
export function TenantRoom({ tenant, children }: { tenant: Tenant; children: ReactNode }) {
  return (
    <TenantLinkProvider tenantId={tenant.id}>
      <ApprovalsProvider tenantId={tenant.id}>
        <SecretsProvider tenantId={tenant.id}>
          <ChatProvider>
            <div className="flex min-h-0 flex-1 flex-col">
              <TenantHead first={tenant} />
              {children}
            </div>
          </ChatProvider>
        </SecretsProvider>
      </ApprovalsProvider>
    </TenantLinkProvider>
  );
}

function TenantHead({ first }: { first: Tenant }) {
  const read = useCallback(() => readTenant(first.id), [first.id]);
  const { data, reload } = useRead(read, pollMs);
  useReloadOnChange("tenant", reload);
  const tenant = data ?? first;
  return (
    <section aria-label={`Agent ${tenant.name}`} className="border-b border-line bg-surface">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-4 gap-y-0.5 px-4 pt-2 sm:px-6 sm:pt-0.5">
        <div className="flex min-w-0 flex-wrap items-center gap-2">
          <Link href="/agents" className="sr-only focus:not-sr-only">
            All agents
          </Link>
          <p className="truncate text-lg font-semibold">{tenant.name}</p>
          {tenant.health === "offline" || tenant.health === "unknown" ? <HealthBadge value={tenant.health} /> : null}
          <IsolationBadge isolation={tenant.isolation} />
          <ConnectionLine />
        </div>
        <div className="w-full sm:ml-auto sm:w-auto">
          <Tabs tenantId={tenant.id} />
        </div>
      </div>
      <Trouble tenant={tenant} />
      <div className="mx-auto max-w-6xl px-4 pb-3 empty:hidden sm:px-6">
        <RefusedNote tenant={tenant} />
      </div>
      <WaitingSaid />
    </section>
  );
}

function Tabs({ tenantId }: { tenantId: string }) {
  const asking = usePendingApprovals().data?.items.length ?? 0;
  const found = useFoundSecrets().waiting.length;
  const base = `/agents/${tenantId}`;
  return (
    <NavLinks
      label="This agent"
      links={[
        { href: base, label: "Chat", exact: true },
        { href: `${base}/approvals`, label: "Approvals", mark: <Count of={asking} said="waiting" urgent /> },
        { href: `${base}/secrets`, label: "Secrets", mark: <Count of={found} said="found" /> },
        { href: `${base}/usage`, label: "Usage" },
      ]}
    />
  );
}

/** How many; loud only where work stands still until the person has decided. */
function Count({ of, said, urgent = false }: { of: number; said: string; urgent?: boolean }) {
  if (of === 0) return null;
  const look = urgent ? "bg-bad text-surface" : "border border-line-strong text-soft";
  return (
    <span className={`rounded-full px-2 text-xs leading-5 font-semibold ${look}`}>
      {of}
      <span className="sr-only"> {said}</span>
    </span>
  );
}

/** Tells a screen reader when the number of open requests changes. */
function WaitingSaid() {
  const count = usePendingApprovals().data?.items.length ?? 0;
  const said = count === 1 ? "One request waits for your decision." : `${count} requests wait for your decision.`;
  return (
    <p aria-live="polite" className="sr-only">
      {count > 0 ? said : ""}
    </p>
  );
}

/** Why the agent cannot work as usual, said where it is talked to. */
function Trouble({ tenant }: { tenant: Tenant }) {
  if (tenant.orderState === "SUSPENDED") {
    return <Bar title="This agent is suspended">Open Billing on the usage page to settle what is due.</Bar>;
  }
  if (tenant.health === "degraded") {
    const reason = tenant.gate?.reason;
    return (
      <Bar title="Its tools are switched off">
        The safety gate did not pass its last test{reason ? `: ${reason.replace(/\.$/, "")}` : ""}. The agent can talk
        but not act until the test passes; it is repeated all the time.
      </Bar>
    );
  }
  return null;
}

function Bar({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mx-auto max-w-6xl px-4 pb-3 sm:px-6">
      <Callout tone="warn" title={title}>
        {children}
      </Callout>
    </div>
  );
}
