export { cloudInitUserData } from "./cloud-init.ts";
export type { ExecOptions, ExecResult, FilePlacement, Host } from "./host.ts";
export type { HostAccess, HostInputs, ProviderAccess, SshKeyPair, StepReport, TenantArtefacts } from "./host-inputs.ts";
export { connectSsh, SshHost, type SshTarget } from "./ssh-host.ts";
export { generateSshKeyPair } from "./ssh-keys.ts";
