"use client";

import { ButtonLink, Logo } from "@berth/ui";
import Link from "next/link";
import { useHubUrl } from "./hub-url-provider.tsx";

export function SiteHeader() {
  const hubUrl = useHubUrl();
  return (
    <header className="border-b border-line">
      <nav aria-label="Main" className="mx-auto flex max-w-6xl items-center justify-between gap-4 px-5 py-3">
        <Link href="/" className="rounded-control">
          <Logo />
        </Link>
        <div className="flex items-center gap-1 sm:gap-4">
          <Link href="/#promises" className="hidden px-2 py-2 text-sm text-soft hover:text-ink sm:block">
            The two promises
          </Link>
          <Link href="/#plans" className="hidden px-2 py-2 text-sm text-soft hover:text-ink sm:block">
            Plans
          </Link>
          <a href={`${hubUrl}/sign-in`} className="px-3 py-2 text-sm text-soft hover:text-ink">
            Sign in
          </a>
          <ButtonLink href="/#plans">Get an agent</ButtonLink>
        </div>
      </nav>
    </header>
  );
}

export function SiteFooter() {
  return (
    <footer className="mt-20 border-t border-line">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-4 px-5 py-8 text-sm text-faint">
        <Logo />
        <p>One customer, one server. Cancel any month.</p>
      </div>
    </footer>
  );
}
