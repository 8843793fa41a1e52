/** The environment of this process, handed on unread: `createHub` says what must be in it. */
export const hubEnvironment = (): Record<string, string | undefined> => process.env;
