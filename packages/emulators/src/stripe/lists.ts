import { invalidRequest, resourceMissing } from "./errors.ts";

export interface StripeList<T> {
  object: "list";
  data: T[];
  has_more: boolean;
  url: string;
}

export interface PageParams {
  limit?: number | undefined;
  starting_after?: string | undefined;
  ending_before?: string | undefined;
  created?: number | { gt?: number; gte?: number; lt?: number; lte?: number } | undefined;
}

/** Cuts one page out of everything that matched, newest first. Throws if the cursor is not of this list. */
export function pageOf<T extends { id: string; created?: number }>(
  all: readonly T[],
  params: PageParams,
  url: string,
): StripeList<T> {
  const { limit = 10, starting_after: after, ending_before: before } = params;
  if (after && before) throw invalidRequest("You can only use one of starting_after and ending_before.");
  const matching = all.filter((object) => isCreatedIn(object.created ?? 0, params.created));
  const indexOf = (id: string, param: string): number => {
    const index = matching.findIndex((object) => object.id === id);
    if (index < 0) throw resourceMissing("object", id, param);
    return index;
  };
  if (before) {
    const end = indexOf(before, "ending_before");
    const start = Math.max(0, end - limit);
    return { object: "list", data: matching.slice(start, end), has_more: start > 0, url };
  }
  const start = after ? indexOf(after, "starting_after") + 1 : 0;
  const data = matching.slice(start, start + limit);
  return { object: "list", data, has_more: start + limit < matching.length, url };
}

function isCreatedIn(created: number, range: PageParams["created"]): boolean {
  if (range === undefined) return true;
  if (typeof range === "number") return created === range;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = range;
  return created > gt && created >= gte && created < lt && created <= lte;
}
