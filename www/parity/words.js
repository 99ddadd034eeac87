// The texts of the parity page, English and Chinese.

const en = {
  title: "Parity",
  lead: "What a real Kubernetes v1.36.3 did, played here, in your browser, on the engine of this site, and compared byte for byte.",
  back: "To the laboratory",
  loading: "Loading the recordings",
  playing: (done, all) => `Playing: ${done} of ${all}`,
  done: (passed, all, seconds) => `${passed} of ${all} as recorded, in ${seconds} s`,
  broken: "This page could not be loaded. Reload it to try again.",
  recording: "Recording",
  area: "Area",
  outcome: "Outcome",
  passed: "as recorded",
  known: "known to differ",
  failed: "differs",
  show: "Only what differs",
  course: "the course of all Pods and Events",
  stage: "On the stage",
  real: "The real one",
  here: "Here",
  same: "the same",
  why: "Why it differs: ",
  nothing: "(nothing printed)",
};

const zhCN = {
  title: "一致性",
  lead: "真实的 Kubernetes v1.36.3 做过什么，这里就在你的浏览器里用本站的引擎重放一遍，并逐字节比较。",
  back: "回到实验室",
  loading: "正在加载录制",
  playing: (done, all) => `正在重放：${done} / ${all}`,
  done: (passed, all, seconds) => `${all} 份录制中有 ${passed} 份完全一致，用时 ${seconds} 秒`,
  broken: "页面没能加载。请刷新重试。",
  recording: "录制",
  area: "主题",
  outcome: "结果",
  passed: "一致",
  known: "已知差异",
  failed: "不一致",
  show: "只看不一致的",
  course: "所有 Pod 和 Event 的全过程",
  stage: "到舞台上看",
  real: "真实集群",
  here: "这里",
  same: "相同",
  why: "差异的原因：",
  nothing: "（没有输出）",
};

export const chinese = document.documentElement.lang === "zh-CN";
export const words = chinese ? zhCN : en;
