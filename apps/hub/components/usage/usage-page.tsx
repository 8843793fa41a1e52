"use client";

import type { TenantId, TokenKind, UsageSummary } from "@berth/contracts";
import { Callout, Card, DataTable, Loading, Meter, PageHead } from "@berth/ui";
import { useCallback } from "react";
import { ReadProblem } from "../frame/read-problem.tsx";
import { dateWords } from "../frame/times.ts";
import { readUsage } from "../hub-api/portal-calls.ts";
import { useRead } from "../hub-api/use-read.ts";
import { useReloadOnChange } from "../link/tenant-link-provider.tsx";
import { BillingButton } from "./billing-button.tsx";
import { HourChart } from "./hour-chart.tsx";

const pollMs = 15_000;
const kinds: Record<TokenKind, string> = {
  input: "Read by the model",
  output: "Written by the model",
  cache_read: "Read from the cache",
  cache_write: "Written to the cache",
};
const count = (tokens: number): string => tokens.toLocaleString("en-IE");

export function UsagePage({ tenantId }: { tenantId: TenantId }) {
  const read = useCallback(() => readUsage(tenantId), [tenantId]);
  const { data, problem, reload } = useRead(read, pollMs);
  useReloadOnChange("usage", reload);
  return (
    <>
      <PageHead
        title="Usage"
        lead={data ? `Billing period ${dateWords(data.periodStart)} to ${dateWords(data.periodEnd)}` : null}
        actions={<BillingButton />}
      />
      {problem ? <ReadProblem what="Your usage" problem={problem} stale={data !== null} onRetry={reload} /> : null}
      {data ? <Summary usage={data} /> : problem ? null : <Loading label="Reading your usage" />}
    </>
  );
}

function Summary({ usage }: { usage: UsageSummary }) {
  const { totalTokens, includedTokens, byKind, byModel, byHour } = usage;
  const rest = includedTokens - totalTokens;
  const tables: { title: string; rows: [string, number][] }[] = [
    { title: "By kind", rows: Object.entries(kinds).map(([kind, name]) => [name, byKind[kind as TokenKind] ?? 0]) }, // keys of `kinds`
    { title: "By model", rows: byModel.map(({ model, tokens }) => [model, tokens]) },
  ];
  return (
    <div className="grid gap-6">
      <Card>
        <Meter
          label="Tokens used"
          value={totalTokens}
          max={includedTokens}
          said={
            <>
              <strong className="text-ink">{count(totalTokens)}</strong> of {count(includedTokens)} included
            </>
          }
        />
        {rest < 0 ? (
          <div className="mt-4">
            <Callout tone="warn">
              {count(-rest)} tokens beyond the included ones; they are on your next invoice at the price of your plan.
            </Callout>
          </div>
        ) : (
          <p className="mt-3 text-sm text-soft">{count(rest)} tokens left in this period.</p>
        )}
      </Card>
      <Card>
        <HourChart byHour={byHour} />
      </Card>
      <div className="grid gap-6 lg:grid-cols-2 lg:items-start">
        {tables.map(({ title, rows }) => (
          <section key={title} aria-label={title} className="grid gap-3">
            <h2 className="text-lg font-semibold">{title}</h2>
            <TokenTable title={title} rows={rows} />
          </section>
        ))}
      </div>
    </div>
  );
}

function TokenTable({ title, rows }: { title: string; rows: [string, number][] }) {
  if (rows.length === 0) return <p className="text-sm text-faint">Nothing has been used in this period.</p>;
  return (
    <DataTable
      caption={`Tokens ${title.toLowerCase()}`}
      rows={rows}
      keyOf={([name]) => name}
      columns={[
        { title: title.replace("By ", "").replace(/^./, (letter) => letter.toUpperCase()), cell: ([name]) => name },
        { title: "Tokens", numeric: true, cell: ([, tokens]) => count(tokens) },
      ]}
    />
  );
}
