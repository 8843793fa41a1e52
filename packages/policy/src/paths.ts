import type { PathUse } from "./rule.ts";
import type { Arg } from "./shell/invocation.ts";

/** Where a tenant's files lie; a relative path starts here. */
export const defaultWorkspace = "/workspace";

/** Files of the safety system and of the machine's accounts: named by any command, in any way, they are off limits. */
const guarded =
  /(?<![\w.-])\/(?:etc\/(?:berth|openclaw|g?shadow|sudoers|ssh|ssl\/private|nftables|systemd|cron|ld\.so|pam)|opt\/(?:berth|safety-wrapper|openclaw|node24)|var\/(?:lib|log)\/(?:berth|openclaw)|run\/(?:berth|credentials|systemd|docker)|proc\/(?:\d+|self|thread-self|sys|kcore)(?:\/|\b)|root(?:\/|$|[\s"';)])|dev\/(?:sd|vd|nvme|xvd|loop|mem|kmem|dm-|mapper|kvm))/;
const credentialFile = /(?:^|\/)(?:\.ssh|\.gnupg|\.aws|\.netrc|\.pgpass|\.docker|\.kube)(?:\/|$)/;
/** Files that some harmless looking command runs or obeys; with `HEAD` any folder can pass for a git repository. */
const autorun =
  /(?:^|\/)(?:\.git|\.ssh|\.husky)(?:\/|$)|(?:^|\/)(?:HEAD|\.gitconfig|\.bashrc|\.bash_profile|\.bash_login|\.bash_logout|\.profile|\.inputrc|\.npmrc|\.curlrc|\.wgetrc|\.pythonrc|\.envrc|\.ripgreprc)$/;
const harmlessDevice = /^\/dev\/(?:null|zero|u?random|stdin|stdout|stderr|tty|fd\/\d+)$/;
const plainEtc = /^\/etc\/(?:os-release|debian_version|timezone|localtime|hostname|hosts|resolv\.conf|mime\.types)$/;
const plainProc = /^\/proc\/(?:cpuinfo|meminfo|uptime|loadavg|version|stat|diskstats|mounts)$/;
const readableTrees = [
  "/usr",
  "/bin",
  "/lib",
  "/lib64",
  "/sbin",
  "/tmp",
  "/home",
  "/srv",
  "/mnt",
  "/media",
  "/var/tmp",
];

/** True when the text names a guarded file outright, however it is used. */
export const mentionsGuarded = (text: string): boolean => guarded.test(text) || /\/dev\/(?:tcp|udp)\//.test(text);

const under = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Joins and folds `.` and `..` without touching a disk; climbing over `/` stays at `/`. */
export function resolvePath(base: string, path: string): string {
  const out: string[] = [];
  for (const piece of (path.startsWith("/") ? path : `${base}/${path}`).split("/")) {
    if (piece === "..") out.pop();
    else if (piece !== "" && piece !== ".") out.push(piece);
  }
  return `/${out.join("/")}`;
}

export interface Place {
  workspace: string;
  /** Absolute folder in which relative paths start. */
  cwd: string;
}

/** Ids of the path rules that a word's use touches. `tree` is true when the command goes through folders. */
export function pathFindings(arg: Arg, use: PathUse, place: Place, tree: boolean): string[] {
  if (use === "none") return [];
  const text = arg.dynamic || arg.glob ? arg.prefix : arg.value;
  if (mentionsGuarded(arg.value) || (arg.home && credentialFile.test(arg.value))) return ["path.guarded"];
  const writes = use !== "read" && use !== "copy";
  if (use === "copy" && autorun.test(arg.value)) return ["path.autorun-write"];
  if (arg.home) return writes ? ["path.outside-write"] : ["path.outside-read"];
  if (use === "delete" && tree && deletesEverything(arg, text, place)) return ["delete.everything"];
  if (arg.dynamic) return dynamicFindings(text, writes, place);
  const path = resolvePath(place.cwd, text === "" ? "." : text);
  if (under(path, place.workspace)) return writes && autorun.test(arg.value) ? ["path.autorun-write"] : [];
  return outsideFindings(path, text, writes, tree, arg.glob);
}

function dynamicFindings(prefix: string, writes: boolean, place: Place): string[] {
  if (prefix.startsWith("/")) {
    const path = resolvePath("/", prefix);
    if (!under(path, place.workspace)) return outsideFindings(path, prefix, writes, false, true);
  }
  return [writes ? "path.unknown-write" : "path.unknown-read"];
}

function outsideFindings(path: string, text: string, writes: boolean, tree: boolean, open: boolean): string[] {
  if (!text.startsWith("/")) return ["path.escape"];
  if (!open && (harmlessDevice.test(path) || (!writes && plainProc.test(path)))) return [];
  if (under(path, "/tmp") && path !== "/tmp") return [writes ? "path.scratch-write" : "path.outside-read"];
  if (writes) return ["path.outside-write"];
  if (!open && plainEtc.test(path)) return ["path.outside-read"];
  if (path === "/") return [tree || open ? "path.guarded" : "path.outside-read"];
  return [readableTrees.some((folder) => under(path, folder)) ? "path.outside-read" : "path.guarded"];
}

function deletesEverything(arg: Arg, text: string, place: Place): boolean {
  if (arg.dynamic && !/[^./]/.test(text)) return true;
  if (arg.dynamic) return false;
  const path = resolvePath(place.cwd, text === "" ? "." : text);
  if (arg.glob && /^(?:\.\/)*\.?$/.test(text) && /^(?:\.\/)*[.*?]+$/.test(arg.value))
    return under(place.workspace, place.cwd);
  return under(place.workspace, path) || path === "/";
}
