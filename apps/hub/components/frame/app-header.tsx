import { Badge, Logo } from "@berth/ui";
import Link from "next/link";
import { SignOutButton } from "../session/sign-out-button.tsx";
import { NavLinks } from "./nav-links.tsx";

export interface NavLink {
  href: string;
  label: string;
}

/** Top of every page behind the sign-in: where one is, where one can go, who one is. */
export function AppHeader(props: { email: string; links: NavLink[]; home: string; mark?: string }) {
  const { email, links, home, mark } = props;
  return (
    <header className="border-b border-line bg-surface">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-4 px-4 py-1.5 sm:px-6">
        <Link href={home} className="flex items-center gap-2 rounded-control">
          <Logo />
          {mark ? <Badge tone="accent">{mark}</Badge> : null}
        </Link>
        <div className={links.length > 1 ? "order-last w-full sm:order-none sm:w-auto" : undefined}>
          <NavLinks label="Main" links={links} />
        </div>
        <div className="ml-auto flex items-center gap-2">
          <span className="hidden max-w-56 truncate text-sm text-faint md:inline">{email}</span>
          <SignOutButton />
        </div>
      </div>
    </header>
  );
}
