"use client";

import { hubProblemOf } from "@berth/api-client";
import { Button, Callout, Field } from "@berth/ui";
import { type FormEvent, useState } from "react";
import { hubAuth } from "../hub-api/hub.ts";
import { signInTrouble, type Trouble } from "./sign-in-trouble.ts";

export function SignInForm({ nextUrl }: { nextUrl: string }) {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(email: string, password: string): Promise<void> {
    if (!email || !password) {
      setTrouble({
        tone: "bad",
        title: "Something is missing",
        text: "Fill in your e-mail address and your password.",
      });
      return;
    }
    setTrouble(null);
    setBusy(true);
    try {
      const callbackURL = new URL(nextUrl, window.location.origin).href;
      await hubAuth.signIn({ email, password, callbackURL });
      window.location.assign(nextUrl); // stays busy until the next page is there
    } catch (thrown) {
      setTrouble(signInTrouble(hubProblemOf(thrown), email));
      setBusy(false);
    }
  }

  function onSubmit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string): string => String(data.get(name) ?? "");
    void submit(text("email").trim(), text("password"));
  }

  return (
    <form onSubmit={onSubmit} noValidate className="grid gap-4" method="post">
      {trouble ? (
        <Callout tone={trouble.tone} title={trouble.title}>
          {trouble.text}
        </Callout>
      ) : null}
      <Field label="E-mail" name="email" type="email" autoComplete="username" inputMode="email" />
      <Field label="Password" name="password" type="password" autoComplete="current-password" />
      <Button type="submit" busy={busy} className="mt-2">
        Sign in
      </Button>
    </form>
  );
}
