import { z } from "zod";

/** How every list is asked for: newest first, `cursor` from the answer before. */
export const PageInput = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type PageInput = z.infer<typeof PageInput>;

export interface Page<T> {
  items: T[];
  /** Null on the last page. Opaque: only good for the next call. */
  nextCursor: string | null;
}

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
