"use client";

import { Spinner } from "@berth/ui";
import { useEffect } from "react";
import { signInHref } from "./next-url.ts";

/** For a person without a session: on to the sign-in page, and back here afterwards. */
export function SendToSignIn() {
  useEffect(() => {
    const { pathname, search } = window.location;
    window.location.replace(signInHref(pathname + search));
  }, []);
  return (
    <main id="main" className="flex min-h-dvh items-center justify-center gap-3 text-soft">
      <Spinner className="text-accent" /> <span role="status">Taking you to the sign-in page …</span>
    </main>
  );
}
