import path from "node:path";
import { main } from "assemblyscript/asc";

const folder = path.resolve(import.meta.dirname, "../..");

const options = ["core/index.ts", "--outFile", "core.wasm", "-O3", "--converge", "--noAssert", "--runtime", "stub"];
options.push("--importMemory", "--zeroFilledMemory", "--enable", "simd", "--disableWarning");

/** The text of `src/engine/core-binary.ts` for the sources in `core/`. Throws with the compiler's words if they are wrong. */
export async function compileCore(): Promise<string> {
  let binary: Uint8Array | null = null;
  const { error, stderr } = await main([...options, "--baseDir", folder], {
    writeFile: (_name, content) => {
      if (typeof content !== "string") binary = content;
    },
  });
  if (error || !binary) throw new Error(`The scanner does not compile:\n${stderr}`, { cause: error });
  const encoded = Buffer.from(binary).toString("base64");
  return `/** Compiled from \`core/\` by \`npm run build:redaction\`; a test compiles it anew and compares. */\nexport const coreBinary =\n  "${encoded}";\n`;
}
