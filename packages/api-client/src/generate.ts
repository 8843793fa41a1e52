import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";

const head = "// Generated from docs/api/openapi.json by `npm run openapi`; do not edit.\n\n";

/** The source of `schema.d.ts` for an OpenAPI 3.1 document given as JSON text. */
export async function clientTypes(documentJson: string): Promise<string> {
  // Made by the Hub's own routes; openapi-typescript checks its form again.
  const document = JSON.parse(documentJson) as OpenAPI3;
  return head + astToString(await openapiTS(document, { alphabetize: true }));
}
