import { Me } from "@berth/contracts";
import { headers } from "next/headers";
import { processApi } from "../../src/api/process-api.ts";

/** Who asks for this page, by the cookie of the request; null for a stranger. Server only. */
export async function readSession(): Promise<Me | null> {
  const cookie = (await headers()).get("cookie");
  if (!cookie) return null;
  const response = await processApi().fetch(new Request("http://hub/api/public/v1/me", { headers: { cookie } }));
  if (response.status === 401) return null;
  return Me.parse(await response.json());
}
