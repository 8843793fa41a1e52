import type { PluginApi } from "./openclaw-api.ts";
import { registerWrapper } from "./wrapper.ts";

/** What OpenClaw loads. `register` must be synchronous. */
export default {
  id: "safety-wrapper",
  name: "Berth Safety Wrapper",
  description: "Gates every tool call, redacts every result and lends the agent Berth's tools.",
  register: (api: PluginApi): void => registerWrapper(api),
};
