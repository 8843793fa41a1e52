export { cloudInitUserData } from "./cloud-init.ts";
export { finishProvisioning, isReachable } from "./finish-provisioning.ts";
export { llmKeySecrets } from "./host-configs.ts";
export type {
  HostAccess,
  HostInputs,
  ProviderAccess,
  SshKeyPair,
  StepReport,
  TenantArtefacts,
} from "./host-inputs.ts";
export { installOpenclaw, isOpenclawInstalled, openclawDirectory } from "./process/install-openclaw.ts";
export { type ProvisionServerInput, provisionServer } from "./provision-server.ts";
export { generateSshKeyPair } from "./ssh-keys.ts";
