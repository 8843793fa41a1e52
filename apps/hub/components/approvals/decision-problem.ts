import type { HubProblem } from "@berth/api-client";
import { momentWords } from "../frame/times.ts";

export interface DecisionProblem {
  title: string;
  text: string;
  /** There is nothing left to decide here. */
  final: boolean;
}

const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** Why a decision did not count, and what to do. The Hub's own words name who was first; its times become the reader's. */
export function decisionProblem(problem: HubProblem): DecisionProblem {
  if (problem.status === 409) {
    const text = problem.message.replaceAll(instant, (iso) => momentWords(iso));
    return { title: "Your decision came too late", text: `${text} Yours changed nothing.`, final: true };
  }
  if (problem.status === 404) {
    return { title: "This request is gone", text: "Reload the page to see what is open.", final: true };
  }
  const text = `${problem.message} Nothing has been decided; press again.`;
  return { title: "Your decision did not arrive", text, final: false };
}
