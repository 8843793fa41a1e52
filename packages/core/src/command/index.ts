export { acknowledgeCommands } from "./acknowledge-commands.ts";
export { enqueueCommand } from "./enqueue-command.ts";
export { listCommands } from "./list-commands.ts";
export { waitingCommands } from "./waiting-commands.ts";
