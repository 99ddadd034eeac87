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
