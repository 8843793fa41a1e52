import type { Searched } from "@berth/testkit";
import { z } from "zod";

/** Which processes: all of a user of the server, or those whose environment holds this setting. */
export type ProcessChoice = { user: string } | { setting: string };

const SearchedMemory = z.object({
  bytesRead: z.int(),
  found: z.array(z.object({ where: z.string(), needle: z.int() })),
});

/**
 * For `node -e`, as root: looks for needles (base64, JSON list on stdin) in the readable memory of the chosen processes,
 * `/proc/PID/mem` along `/proc/PID/maps` (proc(5)). Only numbers and process ids come out.
 */
const program = `
const fs = require("node:fs");
const [kind, wanted] = process.argv.slice(1);
const uid = kind === "user" ? fs.readFileSync("/etc/passwd", "utf8").split("\\n").find((row) => row.startsWith(wanted + ":")).split(":")[2] : null;
const needles = JSON.parse(fs.readFileSync(0, "utf8")).map((needle) => Buffer.from(needle, "base64"));
const overlap = Math.max(...needles.map((needle) => needle.length)) - 1;
const step = 16 * 1024 * 1024;
const chunk = Buffer.alloc(step + overlap);
const chosen = (pid) => {
  try {
    if (kind === "user") return fs.readFileSync("/proc/" + pid + "/status", "utf8").match(/^Uid:\\t(\\d+)/m)[1] === uid;
    return fs.readFileSync("/proc/" + pid + "/environ", "utf8").split("\\0").includes(wanted);
  } catch { return false; }
};
let bytesRead = 0;
const found = [];
for (const pid of fs.readdirSync("/proc").filter((name) => /^\\d+$/.test(name) && chosen(name))) {
  let memory;
  try { memory = fs.openSync("/proc/" + pid + "/mem", "r"); } catch (error) { if (error.code === "ENOENT") continue; throw error; }
  const name = fs.readFileSync("/proc/" + pid + "/comm", "utf8").trim();
  for (const line of fs.readFileSync("/proc/" + pid + "/maps", "utf8").split("\\n")) {
    const range = /^([0-9a-f]+)-([0-9a-f]+) r\\S* \\S+ \\S+ \\S+\\s*(.*)$/.exec(line);
    if (!range || /^\\[v/.test(range[3])) continue;
    const end = BigInt("0x" + range[2]);
    for (let at = BigInt("0x" + range[1]); at < end; at += BigInt(step)) {
      const length = Number(end - at < BigInt(chunk.length) ? end - at : BigInt(chunk.length));
      let got = 0;
      // A page that went away meanwhile holds nothing any more.
      try { got = fs.readSync(memory, chunk, 0, length, at); } catch { continue; }
      bytesRead += got;
      const part = chunk.subarray(0, got);
      needles.forEach((needle, index) => { if (part.includes(needle)) found.push({ where: name + " (" + pid + ")", needle: index }); });
    }
  }
  fs.closeSync(memory);
}
console.log(JSON.stringify({ bytesRead, found }));
`;

/** Searches the memory of processes with a Node that `run` starts as root where they are. */
export async function searchMemory(
  run: (nodeArgs: string[], stdin: string) => Promise<string>,
  choice: ProcessChoice,
  needles: Buffer[],
): Promise<Searched> {
  const [kind, wanted] = "user" in choice ? ["user", choice.user] : ["setting", choice.setting];
  const stdin = JSON.stringify(needles.map((needle) => needle.toString("base64")));
  return SearchedMemory.parse(JSON.parse(await run(["-e", program, kind, wanted], stdin)));
}
