export { type Finding, type Sink, scanSinks } from "./scan-sinks.ts";
