"use client";

import { Problem } from "@berth/contracts";
import { createContext, useContext } from "react";
import { z } from "zod";

/** An answer of the Hub that is not what was hoped for, in words that can be shown. */
export class HubProblem extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const authError = z.object({ code: z.string().optional(), message: z.string() });

function problemOf(status: number, body: unknown): HubProblem {
  const problem = Problem.safeParse(body);
  if (problem.success) return new HubProblem(status, problem.data.code, problem.data.detail);
  const auth = authError.safeParse(body);
  if (auth.success) return new HubProblem(status, auth.data.code ?? "", auth.data.message);
  return new HubProblem(status, "", "The Hub did not answer as expected. Try again in a moment.");
}

export interface HubApi {
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>;
  post<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T>;
}

/** The public API with the visitor's session. Throws `HubProblem`. */
export function createHubApi(hubUrl: string): HubApi {
  async function call<T>(path: string, init: RequestInit, schema: z.ZodType<T>): Promise<T> {
    const response = await fetch(`${hubUrl}${path}`, { ...init, credentials: "include" }).catch(() => {
      throw new HubProblem(0, "offline", "The Hub cannot be reached. Check your connection and try again.");
    });
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) throw problemOf(response.status, body);
    return schema.parse(body);
  }
  return {
    get: (path, schema) => call(path, {}, schema),
    post: (path, body, schema) =>
      call(
        path,
        { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) },
        schema,
      ),
  };
}

export const HubUrl = createContext("");
export const useHubApi = (): HubApi => createHubApi(useContext(HubUrl));
export const useHubUrl = (): string => useContext(HubUrl);
