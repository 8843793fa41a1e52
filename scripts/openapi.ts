/**
 * Writes `docs/api/openapi.json` from the Hub's routes and the API client's types from that.
 * `--check` writes nothing and fails if either differs from what is committed.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openApiDocument } from "../apps/hub/src/api/open-api-document.ts";
import { clientTypes } from "../packages/api-client/src/generate.ts";

if (process.argv.includes("--help")) {
  console.log("npm run openapi [-- --check]   write (or compare) the OpenAPI document and the API client's types");
  process.exit(0);
}

const root = path.resolve(import.meta.dirname, "..");

const biome = path.join(root, "node_modules/.bin/biome");
const formatted = (name: string, text: string): string =>
  execFileSync(biome, ["format", `--stdin-file-path=${name}`], { cwd: root, input: text, encoding: "utf8" });

const documentJson = JSON.stringify(openApiDocument());
const files = {
  "docs/api/openapi.json": formatted("openapi.json", documentJson),
  "packages/api-client/src/schema.d.ts": formatted("schema.ts", await clientTypes(documentJson)),
};

const readOrEmpty = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
};

const stale = Object.entries(files).filter(([name, text]) => readOrEmpty(path.join(root, name)) !== text);
if (process.argv.includes("--check")) {
  for (const [name] of stale) console.error(`${name} is not what the Hub's routes say. Run \`npm run openapi\`.`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [name, text] of stale) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
    console.log(`wrote ${name}`);
  }
}
