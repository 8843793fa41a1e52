import { createApi } from "./app.ts";
import type { Hub } from "./hub.ts";
import { openApiInfo } from "./open-api-info.ts";

/** The OpenAPI document of the whole API. No handler runs for it, so there is nothing behind the routes but addresses. */
export function openApiDocument() {
  const config = { hubUrl: "https://hub.example", websiteUrl: "https://www.example" };
  const described = { ctx: { deps: { config } } } as Hub; // describing reads the routes, never what they act on
  return createApi(described).getOpenAPI31Document(openApiInfo);
}
