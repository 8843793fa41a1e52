"use client";

import type { Page } from "@berth/contracts";
import { Button, type Column, DataTable, EmptyState, Loading, PageHead } from "@berth/ui";
import type { ReactNode } from "react";
import { ReadProblem } from "../frame/read-problem.tsx";
import { usePages } from "../hub-api/use-pages.ts";

interface AdminListProps<Row> {
  title: string;
  lead: ReactNode;
  empty: string;
  read: (cursor?: string) => Promise<Page<Row>>;
  everyMs: number | null;
  columns: Column<Row>[];
  keyOf: (row: Row) => string;
}

/** A list of staff's: newest first, page by page. */
export function AdminList<Row>({ title, lead, empty, read, everyMs, columns, keyOf }: AdminListProps<Row>) {
  const { items, problem, reload, more } = usePages(read, everyMs);
  return (
    <>
      <PageHead title={title} lead={lead} />
      {problem ? <ReadProblem what="The list" problem={problem} stale={items !== null} onRetry={reload} /> : null}
      {items === null && !problem ? <Loading label={`Reading: ${title}`} /> : null}
      {items?.length === 0 ? <EmptyState>{empty}</EmptyState> : null}
      {items && items.length > 0 ? <DataTable caption={title} rows={items} columns={columns} keyOf={keyOf} /> : null}
      {more ? (
        <Button kind="quiet" className="mt-4" onClick={more}>
          Show older
        </Button>
      ) : null}
    </>
  );
}
