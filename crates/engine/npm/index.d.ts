export {
  Lab,
  Snapshot,
  playRecording,
  type KubernetesObject,
  type LabOptions,
  type LabRecord,
  type ObjectRef,
  type PlayedRecording,
  type RunResult,
  type Why,
} from "./engine.js";
