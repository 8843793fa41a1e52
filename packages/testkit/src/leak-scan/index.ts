export { type Finding, type Searched, type Sink, scanSinks } from "./scan-sinks.ts";
