/** Version of the agent as it reports itself to the Hub. */
export const agentVersion = "0.1.0";
