/**
 * Compiles the scanner of `packages/redaction/core` (AssemblyScript) into `src/engine/core-binary.ts`.
 * `--check` writes nothing and fails if the committed binary is not what the sources give.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { compileCore } from "../packages/redaction/src/testing/compile-core.ts";

if (process.argv.includes("--help")) {
  console.log("npm run build:redaction [-- --check]   compile (or compare) the scanner of packages/redaction/core");
  process.exit(0);
}

const file = path.resolve(import.meta.dirname, "../packages/redaction/src/engine/core-binary.ts");
const source = await compileCore();
if (!process.argv.includes("--check")) writeFileSync(file, source);
else if (readFileSync(file, "utf8") !== source) {
  console.error("packages/redaction/src/engine/core-binary.ts is not up to date: npm run build:redaction");
  process.exitCode = 1;
}
