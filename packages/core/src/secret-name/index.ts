export { listSecretNames } from "./list-secret-names.ts";
export { recordSecretNames } from "./record-secret-names.ts";
