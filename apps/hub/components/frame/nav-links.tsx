"use client";

import { classNames } from "@berth/ui";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

export interface NavItem {
  href: string;
  label: string;
  /** Only this very address is "here", not what lies below it. */
  exact?: boolean;
  mark?: ReactNode;
}

/** Links in a row; the one that is open says so to the eye and to a screen reader. */
export function NavLinks({ label, links }: { label: string; links: NavItem[] }) {
  const here = usePathname();
  const isHere = ({ href, exact }: NavItem): boolean => here === href || (!exact && here.startsWith(`${href}/`));
  return (
    <nav aria-label={label}>
      <ul className="-mx-1 flex gap-1 overflow-x-auto p-1">
        {links.map((link) => (
          <li key={link.href}>
            <Link
              href={link.href}
              aria-current={isHere(link) ? "page" : undefined}
              className={classNames(
                "inline-flex min-h-11 items-center gap-2 rounded-control px-3 text-sm font-medium whitespace-nowrap",
                isHere(link) ? "bg-accent-wash text-accent" : "text-soft hover:bg-sunken hover:text-ink",
              )}
            >
              {link.label}
              {link.mark}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
