export { dismissFoundSecret } from "./dismiss-found-secret.ts";
export { expireFoundSecrets } from "./expire-found-secrets.ts";
export { keepFoundSecret } from "./keep-found-secret.ts";
export { listFoundSecrets } from "./list-found-secrets.ts";
export { recordFoundOutcome } from "./record-found-outcome.ts";
export { recordFoundSecret } from "./record-found-secret.ts";
