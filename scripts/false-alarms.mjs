#!/usr/bin/env node
import { runUnderNode24 } from "./bootstrap.mjs";

await runUnderNode24("scripts/false-alarms.ts");
