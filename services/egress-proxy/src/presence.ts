import type { ServerResponse } from "node:http";

/** The wrapper shows that it is there by holding a response open; the connection's end is its absence, at once. */
export interface Presence {
  hold(response: ServerResponse): void;
  isPresent(): boolean;
  close(): void;
}

const beatMs = 2000;

export function createPresence(options: { onLost: () => void }): Presence {
  const held = new Set<ServerResponse>();
  const beat = setInterval(() => {
    for (const response of held) response.write(".");
  }, beatMs);
  return {
    hold(response) {
      held.add(response);
      response.writeHead(200, { "content-type": "text/plain", "cache-control": "no-store" });
      response.write(".");
      response.on("close", () => {
        held.delete(response);
        if (held.size === 0) options.onLost();
      });
    },
    isPresent: () => held.size > 0,
    close() {
      clearInterval(beat);
      for (const response of held) response.destroy();
    },
  };
}
