/**
 * VPS and DNS providers behind one interface, and the lab: real servers on this machine for development and tests.
 *
 * Providers
 *   createLocalProvider({ mode: "machine" | "process", labDir, cacheDir? }): VpsProvider
 *   createHetznerProvider({ token: Secret, baseUrl?, fetch?, location?, image? }): VpsProvider
 *   createLocalDns({ labDir }): DnsProvider
 *   VpsProvider: createServer(spec) (idempotent by name), getServer(id), findServerByName(name), listServers(),
 *     destroyServer(id), powerOn(id), powerOff(id), reboot(id)
 *   ProviderServer.access: { kind: "ssh", openStream(port): Promise<Duplex> } | { kind: "process", rootDir }
 *
 * The lab (mode `machine`: Linux, root)
 *   missingRequirements({ labDir? }?): string[]         sentences that say what to do; empty: mode machine can run
 *   missingPackages(): string[]                          Debian packages among them
 *   buildBaseImage({ labDir, cacheDir?, debianMirror?, onProgress? }): Promise<{ layers }>
 *   bringUpLab({ labDir })                               network only; createServer does it too
 *   exposeToServers({ labDir, port, target }): Promise<LabHandle>   203.0.113.10:port inside -> 127.0.0.1:target here
 *   startLabListeners({ labDir }): Promise<LabListeners>  things that a policy should refuse, for tests
 *   runOnServer({ labDir, name, argv, stdin?, timeoutMs? }): Promise<{ code, stdout, stderr }>   the console, as root
 *   takeDownLab({ labDir })                              stops the servers, removes the network; disks stay
 *
 * Both modes
 *   startAllServers({ mode, labDir }), stopAllServers({ mode, labDir })
 *
 *   ProcessUnit: schema of `<rootDir>/units/<name>.json` in mode `process`: { name, argv, env, cwd?, logFile }
 *
 * `cacheDir` holds the base image (1.1 GB); default `<labDir>/cache`. Labs may share it. One lab per `labDir`; any number
 * of labs run side by side. `labDir` must be on ext4 or xfs.
 */
export { createHetznerProvider, type HetznerOptions } from "./hetzner/hetzner-provider.ts";
export { type BuildOptions, buildBaseImage } from "./local/image/build-base-image.ts";
export { missingPackages, missingRequirements } from "./local/image/requirements.ts";
export { labAddresses, labHostNames } from "./local/lab-paths.ts";
export { createLocalDns } from "./local/local-dns.ts";
export {
  createLocalProvider,
  type LocalOptions,
  startAllServers,
  stopAllServers,
} from "./local/local-provider.ts";
export { type ConsoleCommand, runOnServer } from "./local/machine/console.ts";
export { exposeToServers, type LabHandle } from "./local/machine/expose-to-servers.ts";
export { type LabListener, type LabListeners, startLabListeners } from "./local/machine/lab-listeners.ts";
export { bringUpLab } from "./local/machine/lab-network.ts";
export { takeDownLab } from "./local/machine/lab-power.ts";
export { ProcessUnit } from "./local/process/process-unit.ts";
export type {
  DnsProvider,
  DnsRecord,
  ProviderServer,
  ServerAccess,
  ServerSpec,
  VpsProvider,
} from "./provider.ts";
