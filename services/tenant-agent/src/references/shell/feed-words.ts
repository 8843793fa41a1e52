import { needlesOf } from "./guard.ts";
import type { Feed } from "./inject-secrets.ts";

/** What a command reads from descriptor 3: the values it names, each asked for once, then what its guard looks for. */
export function feedWords(feed: readonly Feed[], secretOf: (secret: string) => string): string[] {
  if (feed.length === 0) return [];
  const values = new Map<string, string>();
  for (const { secret } of feed) if (!values.has(secret)) values.set(secret, secretOf(secret));
  const forms = feed.map(({ secret, form }) => {
    const value = values.get(secret) ?? "";
    return form === "value" ? value : value.replace(/[\\%]/g, "$&$&");
  });
  return [...forms, ...needlesOf([...values.values()])];
}
