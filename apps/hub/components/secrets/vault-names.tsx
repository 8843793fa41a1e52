"use client";

import type { TenantId, VaultSecretName } from "@berth/contracts";
import { Badge, Loading } from "@berth/ui";
import { Hand, KeyRound, Link2 } from "lucide-react";
import { useCallback } from "react";
import { ReadProblem } from "../frame/read-problem.tsx";
import { readSecretNames } from "../hub-api/secret-calls.ts";
import { useRead } from "../hub-api/use-read.ts";
import { useReloadOnChange } from "../link/tenant-link-provider.tsx";
import { PutOneIn } from "./put-one-in.tsx";

/** The names in the vault, as the server said last. Values are not known to Berth. */
export function VaultNames({ tenantId }: { tenantId: TenantId }) {
  const read = useCallback(() => readSecretNames(tenantId), [tenantId]);
  const { data, problem, reload } = useRead(read);
  useReloadOnChange("secret", reload);
  return (
    <section aria-labelledby="vault" className="mt-10">
      <h2 id="vault" className="mb-3 text-lg font-semibold">
        In the vault
      </h2>
      {problem ? <ReadProblem what="The names" problem={problem} stale={data !== null} onRetry={reload} /> : null}
      {data === null && !problem ? <Loading label="Reading the names" rows={1} /> : null}
      {data ? <Names names={data.secrets} /> : null}
      <PutOneIn />
    </section>
  );
}

function Names({ names }: { names: VaultSecretName[] | null }) {
  if (names === null) {
    return <p className="text-sm text-faint">Your agent’s server has not said yet which names its vault holds.</p>;
  }
  if (names.length === 0) return <p className="text-sm text-faint">The vault is empty.</p>;
  return (
    <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface">
      {names.map((secret) => (
        <li key={secret.name} className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-3 sm:px-5">
          <span className="min-w-0 font-mono text-sm wrap-anywhere">{secret.name}</span>
          <span className="flex sm:ml-auto">
            <UseBadge secret={secret} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function UseBadge({ secret }: { secret: VaultSecretName }) {
  if (secret.owner === "operator") {
    return <Badge icon={<KeyRound className="size-3.5" aria-hidden="true" />}>Berth’s own, not for your agent</Badge>;
  }
  return secret.bound ? (
    <Badge tone="good" icon={<Link2 className="size-3.5" aria-hidden="true" />}>
      Used where it is bound, asks elsewhere
    </Badge>
  ) : (
    <Badge tone="warn" icon={<Hand className="size-3.5" aria-hidden="true" />}>
      Asks each time
    </Badge>
  );
}
