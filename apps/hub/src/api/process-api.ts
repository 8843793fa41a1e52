import { hubEnvironment } from "../../env.ts";
import { createApi } from "./app.ts";
import { createHub } from "./create-hub.ts";

interface ProcessApi {
  fetch(request: Request): Response | Promise<Response>;
  hubUrl: string;
  websiteUrl: string;
}

// Next bundles pages and routes apart, each with its own copy of this module; the process needs one pool of connections.
const place = globalThis as { berthApi?: ProcessApi };

/** The API of this process. Made at the first request and not while Next builds, when there is no environment yet. */
export function processApi(): ProcessApi {
  place.berthApi ??= makeApi();
  return place.berthApi;
}

function makeApi(): ProcessApi {
  const hub = createHub(hubEnvironment());
  const api = createApi(hub);
  const { hubUrl, websiteUrl } = hub.ctx.deps.config;
  return { fetch: (request) => api.fetch(request), hubUrl, websiteUrl };
}
