import type { Place } from "../paths.ts";

/** What one script and everything nested in it was found to touch. */
export interface Examination {
  place: Place;
  /** Ids of rules. */
  findings: Set<string>;
  functions: Set<string>;
  /** Variables whose text could be code where bash wants a number. */
  texts: Set<string>;
  depth: number;
  /** Examines text that a command will read as a script. */
  examineText: (text: string, scope: Examination) => void;
}
