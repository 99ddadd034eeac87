// The words of CodeMirror's own panels and announcements, for a Chinese page.

import { EditorState } from "@codemirror/state";

const zhCN = {
  "was $": "原为 $",
  "cluster has $": "集群里是 $",
  "the cluster has none": "集群里没有",
  ": ": "：",
  "take from cluster": "以集群为准",
  "Quick fixes": "快速修复",
  "opens this": "打开这里",
  "Find": "查找",
  "Replace": "替换",
  "next": "下一个",
  "previous": "上一个",
  "all": "全选",
  "match case": "区分大小写",
  "by word": "全字匹配",
  "regexp": "正则表达式",
  "replace": "替换",
  "replace all": "全部替换",
  "close": "关闭",
  "current match": "当前匹配",
  "replaced match on line $": "已替换第 $ 行的匹配",
  "replaced $ matches": "已替换 $ 处匹配",
  "on line": "所在行",
  "Go to line": "跳到行",
  "go": "跳转",
  "Folded lines": "已折叠的行",
  "Unfolded lines": "已展开的行",
  "folded code": "折叠的内容",
  "unfold": "展开",
  "Fold line": "折叠此行",
  "Unfold line": "展开此行",
  "to": "到",
  "Diagnostics": "问题",
  "No diagnostics": "没有问题",
  "Completions": "补全",
  "Control character": "控制字符",
  "Selection deleted": "已删除选中内容",
};

export function phrases(lang) {
  return EditorState.phrases.of(lang === "zh-CN" ? zhCN : {});
}
