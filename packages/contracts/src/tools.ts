/** Arguments of Berth's own tools, as the model sees them and as wrapper and executor parse them. */
import { z } from "zod";
import type { BerthTool } from "./policy.ts";
import { HttpMethod } from "./primitives.ts";

export const RunCommandArgs = z.strictObject({
  command: z.string().min(1).max(32_768).describe("A bash command. Write SECRET_REF(name) where a secret belongs."),
  cwd: z.string().max(1024).optional().describe("Folder inside the workspace; the workspace itself if absent."),
  timeoutMs: z.int().min(100).max(600_000).optional().describe("Milliseconds, 60000 if absent."),
});
export const FileArgs = z.strictObject({
  op: z.enum(["read", "list", "write", "append", "move", "delete"]),
  path: z.string().min(1).max(1024).describe("Path inside the workspace."),
  content: z.string().max(1_000_000).optional().describe("For write and append."),
  to: z.string().max(1024).optional().describe("For move: the new path inside the workspace."),
});
export const HttpRequestArgs = z.strictObject({
  method: HttpMethod,
  url: z.string().min(1).max(4096),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string().max(1_000_000).optional(),
});
export const SendMessageArgs = z.strictObject({
  channel: z.string().min(1).max(50),
  to: z.string().min(1).max(200),
  text: z.string().min(1).max(16_000),
});
export const ScheduleArgs = z.discriminatedUnion("op", [
  z.strictObject({
    op: z.literal("add"),
    name: z.string().min(1).max(100),
    cron: z.string().min(1).max(100).describe("Five-field cron expression, in UTC."),
    task: z.string().min(1).max(4000),
  }),
  z.strictObject({ op: z.literal("list") }),
  z.strictObject({ op: z.literal("remove"), id: z.string().min(1).max(100) }),
]);
export const DelegateArgs = z.strictObject({
  agent: z.string().min(1).max(30).optional(),
  task: z.string().min(1).max(8000),
});

export const toolArguments = {
  run_command: RunCommandArgs,
  file: FileArgs,
  http_request: HttpRequestArgs,
  send_message: SendMessageArgs,
  schedule: ScheduleArgs,
  delegate: DelegateArgs,
} as const satisfies Record<BerthTool, z.ZodType>;

export const toolDescriptions: Record<BerthTool, string> = {
  run_command: "Run a bash command in the workspace. No network. Dangerous commands wait for the customer's word.",
  file: "Read, list, write, append to, move or delete a file in the workspace.",
  http_request: "Send an HTTP request to an allowed host. Write SECRET_REF(name) where a secret belongs.",
  send_message: "Send a message to a person outside through a channel. Waits for the customer's word.",
  schedule: "Add, list or remove a recurring task for yourself.",
  delegate: "Hand a task to a sub-agent and get its answer.",
};
