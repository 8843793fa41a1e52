import type { WireFormat } from "../wire-format.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import { googleGenerate } from "./google-generate.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiResponses } from "./openai-responses.ts";

export const wireFormats: readonly WireFormat[] = [anthropicMessages, openaiChat, openaiResponses, googleGenerate];
export { anthropicMessages, googleGenerate, openaiChat, openaiResponses };
