import type { HubProblem } from "@berth/api-client";

export interface Trouble {
  tone: "warn" | "bad";
  title: string;
  /** What happened and what to do now. */
  text: string;
}

/** Why signing in did not work. Whether an address is known here is not said. */
export function signInTrouble(problem: HubProblem, email: string): Trouble {
  if (problem.code === "EMAIL_NOT_VERIFIED") {
    const text = `We have just sent a new link to ${email}. Open it, and you are signed in.`;
    return { tone: "warn", title: "Confirm your e-mail address first", text };
  }
  if (problem.status === 401) {
    const text = "Check both and try again. Capital letters count in the password.";
    return { tone: "bad", title: "E-mail and password do not fit together", text };
  }
  if (problem.status === 429) {
    return { tone: "warn", title: "Too many attempts", text: "Wait a minute and try again." };
  }
  return { tone: "bad", title: "Signing in did not work", text: problem.message };
}
