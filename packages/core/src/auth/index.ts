export { type Auth, type AuthOptions, createAuth } from "./create-auth.ts";
export { resolveActor } from "./resolve-actor.ts";
