import { problemFrom, reach } from "./hub-problem.ts";

export interface HubAuth {
  /** Sends a mail whose link leads to `callbackURL`, signed in. */
  signUp(input: { name: string; email: string; password: string; callbackURL: string }): Promise<void>;
  /** For an address that is not confirmed yet a new mail goes out, and the code is `EMAIL_NOT_VERIFIED`. */
  signIn(input: { email: string; password: string; callbackURL: string }): Promise<void>;
  signOut(): Promise<void>;
}

/** Sessions at the Hub (better-auth, which is not part of the OpenAPI document). Each verb throws `HubProblem`. */
export function createHubAuth({ baseUrl }: { baseUrl: string }): HubAuth {
  async function post(path: string, body: object): Promise<void> {
    const response = await reach(
      fetch(`${baseUrl}/api/auth/${path}`, {
        method: "POST",
        credentials: "include",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    );
    if (!response.ok) throw problemFrom(response.status, await response.json().catch(() => null));
  }
  return {
    signUp: (input) => post("sign-up/email", input),
    signIn: (input) => post("sign-in/email", input),
    signOut: () => post("sign-out", {}),
  };
}
