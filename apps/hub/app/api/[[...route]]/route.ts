import { createApi } from "../../../src/api/app.ts";
import { createHub } from "../../../src/api/create-hub.ts";

/** Made at the first request and not while Next builds, when there is no environment yet. */
let api: ReturnType<typeof createApi> | undefined;

async function handle(request: Request): Promise<Response> {
  api ??= createApi(createHub(process.env));
  return api.fetch(request);
}

export const dynamic = "force-dynamic";
export {
  handle as DELETE,
  handle as GET,
  handle as HEAD,
  handle as OPTIONS,
  handle as PATCH,
  handle as POST,
  handle as PUT,
};
