export type { Utterance } from "./conversation.ts";
export {
  type LlmEmulator,
  type LlmEmulatorOptions,
  type LlmRequestRecord,
  startLlmEmulator,
} from "./start-llm-emulator.ts";
export type { Turn } from "./turn.ts";
