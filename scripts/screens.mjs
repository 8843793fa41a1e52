#!/usr/bin/env node
/** `npm run screens`: takes the pictures of every screen again and keeps them under docs/screens. */
import path from "node:path";
import { root, runUnderNode24 } from "./bootstrap.mjs";

process.env.BERTH_SCREENS_DIR = path.join(root, "docs/screens");
process.argv.splice(2, 0, "browser");
await runUnderNode24("scripts/test/main.ts");
