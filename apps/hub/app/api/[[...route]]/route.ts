import { processApi } from "../../../src/api/process-api.ts";

const handle = (request: Request): Response | Promise<Response> => processApi().fetch(request);

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
