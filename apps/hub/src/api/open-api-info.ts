/** Head of the OpenAPI document; `docs/api/openapi.json` is written from it and from the routes. */
export const openApiInfo = {
  openapi: "3.1.0",
  info: {
    title: "Berth Hub",
    version: "1",
    description:
      "Times are RFC 3339 in UTC, ids are prefixed and sort by age, lists are `{items, nextCursor}` with at most 100 items. " +
      "Another organisation's id is answered like an unknown one. Sign-in is at `/api/auth` (better-auth).",
  },
};
