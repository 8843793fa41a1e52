import type { ActClass } from "@berth/contracts";
import type { Invocation } from "./shell/invocation.ts";

/** One line of the policy: what kind of act it is and what a person should know before allowing it. */
export interface Rule {
  id: string;
  actClass: ActClass;
  /** In plain words; the customer reads it. */
  description: string;
  blastRadius: string;
  reversible: boolean;
  /** A person outside can see it, or it leaves the server; asks whatever the tier. */
  external?: boolean;
  /** Refused everywhere and never put before a person. */
  forbidden?: boolean;
  /** Calls that this rule must fire on, and look-alikes that it must not. A string is a `run_command`. */
  examples: readonly Example[];
  counterExamples: readonly Example[];
}

export type Example = string | { tool: string; args: Record<string, unknown> };

/** What a command does with the paths among its words. */
export type PathUse = "none" | "read" | "write" | "copy" | "delete";

/** A rule about simple commands by name. Several may match one command; the worst wins. */
export interface CommandRule extends Rule {
  commands: readonly string[];
  /** Absent: always. */
  when?: (invocation: Invocation) => boolean;
  paths: PathUse;
  /** The first plain word is a pattern or program, not a path, unless an option like `-e` gives it. */
  scriptFirst?: boolean;
}
