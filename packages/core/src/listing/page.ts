import type { Page, PageInput } from "@berth/contracts";
import { fail } from "@berth/platform";

/** Ids sort by the time they were made, so a page is "the next ones below this id". */
export interface PageQuery {
  where: { id?: { lt: string } };
  orderBy: { id: "desc" };
  take: number;
}

/** The part of a Prisma query that a page needs; one row more than asked for tells whether there is another page. */
export function pageQuery(input: PageInput): PageQuery {
  return {
    where: input.cursor ? { id: { lt: idOfCursor(input.cursor) } } : {},
    orderBy: { id: "desc" },
    take: input.limit + 1,
  };
}

export function pageFrom<Row extends { id: string }, T>(
  rows: Row[],
  input: PageInput,
  present: (row: Row) => T,
): Page<T> {
  const items = rows.slice(0, input.limit);
  const last = items.at(-1);
  const more = rows.length > input.limit && last !== undefined;
  return { items: items.map(present), nextCursor: more ? Buffer.from(last.id).toString("base64url") : null };
}

function idOfCursor(cursor: string): string {
  const id = Buffer.from(cursor, "base64url").toString("utf8");
  if (!/^[a-z]{3}_[0-9a-f]{32}$/.test(id)) fail("invalid_input", "The cursor is not one that a list gave you.");
  return id;
}
