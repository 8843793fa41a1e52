/** `provisionServer` as a process of its own, so that a test can kill it: plan on stdin, one step name a line on stdout. */
import { text } from "node:stream/consumers";
import { createLocalProvider } from "@berth/cloud";
import { createLogger, fail, secretOf } from "@berth/platform";
import { type HostInputs, provisionServer, type TenantArtefacts } from "../index.ts";

/** `HostInputs` with its secret in the open, for a pipe between two processes of one test. */
export interface ChildPlan {
  labDir: string;
  serverName: string;
  hostPublicKey: string;
  sshPrivateKey: string;
  inputs: Omit<HostInputs, "enrolmentToken"> & { enrolmentToken: string };
  artefacts: TenantArtefacts;
}

// Written by the test that started this process.
const plan = JSON.parse(await text(process.stdin)) as ChildPlan;
const provider = createLocalProvider({ mode: "machine", labDir: plan.labDir });
const server = (await provider.findServerByName(plan.serverName)) ?? fail("not_found", "There is no such server.");
await provisionServer({
  access: server.access,
  hostPublicKey: plan.hostPublicKey,
  sshPrivateKey: secretOf(plan.sshPrivateKey),
  inputs: { ...plan.inputs, enrolmentToken: secretOf(plan.inputs.enrolmentToken) },
  artefacts: plan.artefacts,
  log: createLogger({ service: "provision-child", level: "silent" }),
  onStep: (step) => process.stdout.write(`${step.name}\n`),
});
process.exit(0);
