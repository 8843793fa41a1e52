import type { Duplex } from "node:stream";

const bannerTimeoutMs = 5_000;

/** True when something that speaks SSH answers on the server's port 22. */
export async function sshAnswers(openStream: (port: number) => Promise<Duplex>): Promise<boolean> {
  const stream = await openStream(22).catch(() => null);
  if (!stream) return false;
  try {
    return await firstBytesAreSsh(stream);
  } finally {
    stream.destroy();
  }
}

function firstBytesAreSsh(stream: Duplex): Promise<boolean> {
  return new Promise((resolve) => {
    let received = "";
    const timer = setTimeout(() => resolve(false), bannerTimeoutMs);
    const settle = (answer: boolean) => {
      clearTimeout(timer);
      resolve(answer);
    };
    stream.on("data", (chunk: Buffer) => {
      received += chunk.toString("latin1");
      if (received.length >= 4) settle(received.startsWith("SSH-"));
    });
    stream
      .on("error", () => settle(false))
      .on("close", () => settle(false))
      .on("end", () => settle(false));
  });
}
