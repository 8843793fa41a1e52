"use client";

import { hubProblemOf } from "@berth/api-client";
import { LogOut } from "lucide-react";
import { useState } from "react";
import { hubAuth } from "../hub-api/hub.ts";

export function SignOutButton() {
  const [problem, setProblem] = useState<string | null>(null);
  const signOut = (): void => {
    hubAuth
      .signOut()
      .then(() => window.location.assign("/sign-in"))
      .catch((thrown: unknown) => setProblem(`You are still signed in. ${hubProblemOf(thrown).message}`));
  };
  return (
    <>
      {problem ? (
        <p role="alert" className="text-sm text-bad">
          {problem}
        </p>
      ) : null}
      <button
        type="button"
        onClick={signOut}
        className="inline-flex min-h-11 cursor-pointer items-center gap-2 rounded-control px-3 text-sm text-soft hover:bg-sunken hover:text-ink"
      >
        <LogOut className="size-4" aria-hidden="true" />
        <span className="sr-only sm:not-sr-only">Sign out</span>
      </button>
    </>
  );
}
