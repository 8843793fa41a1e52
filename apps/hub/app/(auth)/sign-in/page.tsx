import { Card, Logo } from "@berth/ui";
import { redirect } from "next/navigation";
import { safeNextUrl } from "../../../components/session/next-url.ts";
import { readSession } from "../../../components/session/read-session.ts";
import { SignInForm } from "../../../components/session/sign-in-form.tsx";
import { processApi } from "../../../src/api/process-api.ts";

export const metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }) {
  const { next } = await searchParams;
  const { hubUrl, websiteUrl } = processApi();
  const origins: [string, string] = [new URL(hubUrl).origin, new URL(websiteUrl).origin];
  const nextUrl = safeNextUrl(typeof next === "string" ? next : undefined, origins, "/");
  if (await readSession()) redirect(nextUrl);
  return (
    <main id="main" className="mx-auto grid min-h-dvh max-w-md content-center gap-6 px-5 py-10">
      <Logo />
      <Card>
        <h1 className="mb-5 text-2xl font-semibold">Sign in</h1>
        <SignInForm nextUrl={nextUrl} />
      </Card>
      <p className="text-sm text-soft">
        No agent yet?{" "}
        <a href={`${websiteUrl}/#plans`} className="font-medium text-accent underline underline-offset-4">
          Choose a plan
        </a>
      </p>
    </main>
  );
}
