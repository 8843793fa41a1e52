/**
 * The address in `?next=` if it may be gone to after signing in: a page of one of our own `origins`, the first of which is the
 * Hub's. Anything else, and the sign-in page itself, gives `fallback`.
 */
export function safeNextUrl(asked: string | undefined, origins: [string, ...string[]], fallback: string): string {
  if (!asked) return fallback;
  const [hubOrigin] = origins;
  const url = URL.parse(asked, hubOrigin);
  if (!url || !origins.includes(url.origin)) return fallback;
  if (url.origin === hubOrigin && url.pathname === "/sign-in") return fallback;
  return url.origin + url.pathname + url.search + url.hash;
}

/** The sign-in page that comes back to `here`, a path of the Hub. */
export const signInHref = (here: string): string => `/sign-in?next=${encodeURIComponent(here)}`;
