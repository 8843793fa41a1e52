"use client";

import { hubProblemOf } from "@berth/api-client";
import type { PlanId } from "@berth/contracts";
import { Button, Callout, Field } from "@berth/ui";
import { type FormEvent, useState } from "react";
import { z } from "zod";
import { useHubAuth } from "./hub-url-provider.tsx";

const minPassword = 10;

interface Values {
  name: string;
  email: string;
  password: string;
}

function errorsOf(values: Values): Partial<Values> {
  return {
    ...(values.name.trim() ? {} : { name: "Tell us how to call you." }),
    ...(z.email().safeParse(values.email).success
      ? {}
      : { email: "This is not an e-mail address. It looks like name@company.com." }),
    ...(values.password.length >= minPassword
      ? {}
      : { password: `At least ${minPassword} characters; a sentence is fine.` }),
  };
}

function CheckMail({ email }: { email: string }) {
  return (
    <Callout tone="accent" title="Look into your mail">
      <p>
        We sent a link to <strong>{email}</strong>. Open it to go on; you can close this page.
      </p>
    </Callout>
  );
}

export function SignUpForm({ plan }: { plan: PlanId }) {
  const auth = useHubAuth();
  const [errors, setErrors] = useState<Partial<Values>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [sentTo, setSentTo] = useState<string | null>(null);

  async function submit(values: Values): Promise<void> {
    const found = errorsOf(values);
    setErrors(found);
    setProblem(null);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      const callbackURL = `${window.location.origin}/verified?plan=${plan}`;
      await auth.signUp({ ...values, name: values.name.trim(), callbackURL });
      setSentTo(values.email);
    } catch (thrown) {
      setProblem(hubProblemOf(thrown).message);
    } finally {
      setBusy(false);
    }
  }

  function onSubmit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string): string => String(data.get(name) ?? "");
    void submit({ name: text("name"), email: text("email"), password: text("password") });
  }

  if (sentTo) return <CheckMail email={sentTo} />;
  return (
    <form onSubmit={onSubmit} noValidate className="grid gap-4">
      {problem ? (
        <Callout tone="bad" title="That did not work">
          {problem}
        </Callout>
      ) : null}
      <Field label="Your name" name="name" autoComplete="name" error={errors.name} />
      <Field label="E-mail" name="email" type="email" autoComplete="email" error={errors.email} />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        hint={`At least ${minPassword} characters`}
        error={errors.password}
      />
      <Button type="submit" busy={busy} className="mt-2">
        Create my account
      </Button>
    </form>
  );
}
