/** What the model says or does next. */
export type Turn = { text: string } | { tool: string; args: Record<string, unknown> };
