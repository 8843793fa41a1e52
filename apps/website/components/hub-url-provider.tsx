"use client";

import { type ApiClient, createApiClient, createHubAuth, type HubAuth } from "@berth/api-client";
import { createContext, type ReactNode, useContext, useMemo } from "react";

const HubUrl = createContext("");

/** Tells the pages in the browser where the Hub is. */
export function HubUrlProvider({ hubUrl, children }: { hubUrl: string; children: ReactNode }) {
  return <HubUrl.Provider value={hubUrl}>{children}</HubUrl.Provider>;
}

export const useHubUrl = (): string => useContext(HubUrl);

/** The public API with the visitor's session. */
export function useHub(): ApiClient {
  const baseUrl = useHubUrl();
  return useMemo(() => createApiClient({ baseUrl }), [baseUrl]);
}

export function useHubAuth(): HubAuth {
  const baseUrl = useHubUrl();
  return useMemo(() => createHubAuth({ baseUrl }), [baseUrl]);
}
