/** What the model says or does next. `thinking` is told to those who switched it on, instead of a thought made up here. */
export type Turn = ({ text: string } | { tool: string; args: Record<string, unknown> }) & { thinking?: string };
