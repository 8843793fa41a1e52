import { sha256Hex } from "@berth/platform";

/** Names of the gateway's sessions, as the pinned version builds them. */
export const chatSessionKey = "agent:main:main";
/** The self-test's own sessions; never shown to anybody. */
export const probeSessionKey = "agent:main:berth-probe";
/** One for each turn: a former turn's nonce in the same transcript would be answered for again. */
export const probeTurnSession = (nonce: string): string => `${probeSessionKey}-${sha256Hex(nonce).slice(0, 16)}`;
export const isProbeSession = (sessionKey: string): boolean => sessionKey.startsWith(probeSessionKey);
export const mainSessionOf = (agent: string): string => `agent:${agent}:main`;
export const subAgentSession = (agent: string, id: string): string => `agent:${agent}:subagent:${id}`;
export const isSubAgentSession = (sessionKey: string): boolean => sessionKey.includes(":subagent:");

/** Marks messages that the agent sent to wake a session, so that the history shows them as notices. */
export const wakePrefix = "berth-wake-";
