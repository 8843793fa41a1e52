/** The provider of the bench, a process of its own: reads a chat completion's body and answers one of ordinary size. */
import { createServer } from "node:http";

const answer = Buffer.from(
  JSON.stringify({
    id: "chatcmpl-bench",
    object: "chat.completion",
    created: 1_760_000_000,
    model: "gpt-x",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: "The list is in the file, as you asked. ".repeat(20), refusal: null },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: {
      prompt_tokens: 2500,
      completion_tokens: 200,
      total_tokens: 2700,
      prompt_tokens_details: { cached_tokens: 2000, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
    },
  }),
);

const server = createServer((request, response) => {
  request.resume().on("end", () => {
    response.writeHead(200, { "content-type": "application/json", "content-length": answer.length }).end(answer);
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => process.stdout.write("ready\n"));
