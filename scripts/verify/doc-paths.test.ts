import path from "node:path";
import { expect, test } from "vitest";
import { findDeadPaths } from "./doc-paths.ts";

const root = path.resolve(import.meta.dirname, "../..");

test("a document that names a path which is not there is found", () => {
  const text = "See `packages/core/src/no-such-file.ts` and [the plan](docs/no-such.md).";
  expect(findDeadPaths({ path: "README.md", text }, root)).toHaveLength(2);
});

test("existing paths, commands and code are left alone", () => {
  const text = "See `packages/contracts/src/order.ts`, run `npm start`, call `createOrder()`.";
  expect(findDeadPaths({ path: "README.md", text }, root)).toEqual([]);
});
