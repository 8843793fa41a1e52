import { createApiClient, createHubAuth } from "@berth/api-client";

/** The Hub's API as a page of the Hub itself calls it, with the person's cookie. */
export const hub = createApiClient({ baseUrl: "" });
export const hubAuth = createHubAuth({ baseUrl: "" });
