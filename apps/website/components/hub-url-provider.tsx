"use client";

import type { ReactNode } from "react";
import { HubUrl } from "./hub-api.ts";

export function HubUrlProvider({ hubUrl, children }: { hubUrl: string; children: ReactNode }) {
  return <HubUrl.Provider value={hubUrl}>{children}</HubUrl.Provider>;
}
