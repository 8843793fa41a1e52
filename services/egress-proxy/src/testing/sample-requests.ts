import type { Json } from "../llm/json.ts";
import type { Format } from "./proxy-under-test.ts";

const schema = { type: "object", properties: { path: { type: "string", description: "a path" } }, required: ["path"] };
const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk";

/** A request with every kind of part that the format's documentation names, as an agent sends them. */
const samples: Record<Format, Json> = {
  "anthropic-messages": {
    model: "claude-x",
    max_tokens: 200,
    system: [{ type: "text", text: "You are careful.", cache_control: { type: "ephemeral", ttl: "1h" } }],
    metadata: { user_id: "user-17" },
    tools: [{ name: "file", description: "Files.", input_schema: schema }],
    tool_choice: { type: "tool", name: "file" },
    stop_sequences: ["END"],
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "look at this" },
          { type: "image", source: { type: "base64", media_type: "image/png", data: png } },
          { type: "image", source: { type: "url", url: "https://example.com/a.png" } },
          {
            type: "document",
            title: "a title",
            context: "a context",
            source: { type: "text", media_type: "text/plain", data: "a text" },
          },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "text", text: "reading" },
          { type: "tool_use", id: "toolu_01", name: "file", input: { path: "a.txt", lines: [12345678, "x"] } },
        ],
      },
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: "toolu_01", content: [{ type: "text", text: "a result" }] }],
      },
      { role: "assistant", content: "a plain answer" },
      { role: "user", content: "go on" },
    ],
  },
  "openai-chat": {
    model: "gpt-x",
    max_completion_tokens: 200,
    user: "user-17",
    metadata: { purpose: "a test" },
    tools: [{ type: "function", function: { name: "file", description: "Files.", parameters: schema } }],
    tool_choice: { type: "function", function: { name: "file" } },
    response_format: { type: "json_schema", json_schema: { name: "answer", description: "An answer.", schema } },
    messages: [
      { role: "system", content: "You are careful." },
      {
        role: "user",
        name: "bob",
        content: [
          { type: "text", text: "look at this" },
          { type: "image_url", image_url: { url: `data:image/png;base64,${png}`, detail: "low" } },
          { type: "image_url", image_url: { url: "https://example.com/a.png" } },
          { type: "file", file: { filename: "a.pdf", file_data: `data:application/pdf;base64,${png}` } },
        ],
      },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "call_1", type: "function", function: { name: "file", arguments: '{"path":"a.txt"}' } }],
      },
      { role: "tool", tool_call_id: "call_1", content: "a result" },
      { role: "assistant", content: [{ type: "text", text: "reading" }], refusal: "a refusal" },
      { role: "user", content: "go on" },
    ],
  },
  "openai-responses": {
    model: "gpt-x",
    max_output_tokens: 200,
    instructions: "You are careful.",
    metadata: { purpose: "a test" },
    safety_identifier: "user-17",
    prompt_cache_key: "cache-17",
    tools: [{ type: "function", name: "file", description: "Files.", parameters: schema, strict: true }],
    tool_choice: { type: "function", name: "file" },
    text: { format: { type: "json_schema", name: "answer", schema } },
    input: [
      { role: "developer", content: "Be brief." },
      {
        type: "message",
        role: "user",
        content: [
          { type: "input_text", text: "look at this" },
          { type: "input_image", image_url: `data:image/png;base64,${png}`, detail: "auto" },
          { type: "input_image", image_url: "https://example.com/a.png" },
          { type: "input_file", filename: "a.pdf", file_data: `data:application/pdf;base64,${png}` },
        ],
      },
      { type: "function_call", id: "fc_1", call_id: "call_1", name: "file", arguments: '{"path":"a.txt"}' },
      { type: "function_call_output", call_id: "call_1", output: "a result" },
      { type: "custom_tool_call", id: "ctc_1", call_id: "call_2", name: "patch", input: "a patch" },
      { type: "custom_tool_call_output", call_id: "call_2", output: [{ type: "input_text", text: "done" }] },
      {
        id: "msg_1",
        type: "message",
        role: "assistant",
        content: [{ type: "output_text", text: "ok", annotations: [] }],
      },
      { role: "user", content: "go on" },
    ],
  },
  "google-generate": {
    systemInstruction: { parts: [{ text: "You are careful." }] },
    generationConfig: { maxOutputTokens: 200, stopSequences: ["END"], responseSchema: schema },
    labels: { purpose: "a test" },
    tools: [{ functionDeclarations: [{ name: "file", description: "Files.", parameters: schema }] }],
    toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["file"] } },
    contents: [
      {
        role: "user",
        parts: [
          { text: "look at this" },
          { inlineData: { mimeType: "image/png", data: png, displayName: "a picture" } },
          { inlineData: { mimeType: "text/plain", data: "YSB0ZXh0" } },
          { fileData: { mimeType: "application/pdf", fileUri: "https://example.com/files/1" } },
        ],
      },
      {
        role: "model",
        parts: [{ functionCall: { id: "1", name: "file", args: { path: "a.txt", lines: [12345678] } } }],
      },
      {
        role: "user",
        parts: [
          { functionResponse: { id: "1", name: "file", response: { output: "a result", more: { deep: ["x"] } } } },
        ],
      },
      { role: "model", parts: [{ text: "reading" }, { executableCode: { language: "PYTHON", code: "print(1)" } }] },
      { role: "user", parts: [{ text: "go on" }] },
    ],
  },
};

/** A fresh one each time: requests are redacted in place. */
export const sampleRequest = (format: Format): Json => structuredClone(samples[format]);
