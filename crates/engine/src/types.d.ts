export interface LabOptions {
  /** The only source of chance; the same seed and calls give the same history. 7 if not given. */
  seed?: number;
  /** How many nodes, or which. Three if not given. */
  nodes?: number | Array<string | { name: string; cpu?: string; memory?: string; pods?: number }>;
  /** How images behave: `{ "nginx:1.25": "ready-after=20s" }`. CONTRIBUTING.md lists the words. */
  images?: Record<string, string>;
  /** The language of reasons. English if not given. */
  lang?: "en" | "zh-CN";
}
export interface RunResult {
  /** The exit code; null if the command still ran when its time was over. */
  exit: number | null;
  stdout: string;
  stderr: string;
}
interface OfContainer {
  /** `default` as a rule. */
  namespace: string;
  pod: string;
  /** The first one if it is not given. */
  container?: string;
}
interface OfNode {
  node: string;
}
interface OfProcess {
  /** `csi-provisioner` means all of them. */
  process: "kube-controller-manager" | "kube-scheduler" | "csi-provisioner";
}
/** One fault: an object with one member. Durations are microseconds. */
export type LabFault =
  | { StopKubelet: OfNode }
  | { StartKubelet: OfNode }
  | { PowerOff: OfNode }
  | { PowerOn: OfNode }
  | { CutNetwork: OfNode }
  | { RestoreNetwork: OfNode }
  | { CrashContainer: OfContainer & { exit_code?: number } }
  | { RunOutOfMemory: OfContainer }
  | { Hang: OfContainer & { hangs?: boolean } }
  | { IgnoreSigterm: OfContainer & { ignores?: boolean } }
  | { ForceReady: { namespace: string; pod: string; ready: boolean | null } }
  | { SetImageBehaviour: { image: string; behaviour: string } }
  | { StopProcess: OfProcess }
  | { StartProcess: OfProcess }
  | { RestartController: { name: string } }
  | { StallWatches: { process: string; lasts: number } }
  | { LoseWatches: { process: string; lasts: number } }
  | { FillDisk: { volume: string; is_full?: boolean } }
  | { HoldVolume: { volume: string; is_held?: boolean } }
  | { SlowProvisioner: { by: number } }
  | { FailProvisioner: { message: string } }
  | { SlowApiServer: { by: number } };
export interface LabInForce {
  /** `PowerOff`, `Hang`, …: what the menu of faults on the page calls it; `Image` for an odd image. */
  what: string;
  /** The name of a Pod, node, claim or image; empty for the control plane. */
  subject: string;
  /** Milliseconds since 0:00; null if it was so from the beginning. */
  since: number | null;
  /** What takes it back. */
  undo: { fault: LabFault } | { command: string };
}
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; uid: string; [field: string]: unknown };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [field: string]: any;
}
export interface ObjectRef {
  kind: string;
  namespace: string;
  name: string;
}
export interface LabRecord {
  /** From 1. */
  id: number;
  /** Milliseconds since 0:00. */
  at: number;
  /** Who: `admin` is you. */
  actor: string;
  /** The record that led to it; 0 if none did. */
  cause: number;
  what: "request" | "decision" | "failure" | "fault";
  about?: ObjectRef;
  /** Of a request. */
  verb?: string;
  /** Of a request: `status`, `scale`, or empty. */
  part?: string;
  /** Of a refused request, and of a failure. */
  message?: string;
  /** Of a request: what it changed. */
  changes?: Array<ObjectRef & { change: "created" | "updated" | "deleted" }>;
  /** Of a decision: the rule's name and its sentence. */
  reason?: string;
  sentence?: string;
}
export interface Why {
  /** The rule's name, as in the source. */
  reason: string;
  about: ObjectRef;
  sentence: string;
  rule: string;
  /** What the component read: whether it is as it has to be, and what it is. */
  facts: Array<{ text: string; state: "satisfied" | "not yet" | "wrong" }>;
  /** How it came to this, oldest first. */
  chain: Array<{ at: number; text: string; byPerson: boolean }>;
  /** Kubernetes' documentation. */
  doc: string;
  /** What happens next, if it can be said. */
  next: string | null;
  /** That nothing is due that would end it, if so. */
  stuck: string | null;
  /** The command line that frees it, if one does. */
  remedy: string | null;
}
export interface PlayedRecording {
  id: string;
  title: string;
  area: { letter: string; en: string; "zh-CN": string } | null;
  /** Whether each step went as recorded, but for those that are known to differ. */
  passed: boolean;
  steps: Array<{
    /** What was done, in a few words. */
    did: string;
    /** The YAML that was handed to the cluster; empty if none was. */
    manifest: string;
    /** What the real cluster answered, wrote and told. */
    answer: string;
    /** Why the step is known to differ, if it is. */
    known: string | null;
    differences: Array<{ part: string; diff: string }>;
  }>;
}
