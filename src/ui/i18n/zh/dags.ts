/** DAG 列表、DAG 页面、编辑器与启动对话框的词。 */
import type { dags as english } from "../en/dags.ts";

export const dags: Readonly<Record<keyof typeof english, string>> = {
  "dags.name": "名称", "dags.what": "做什么", "dags.last": "最近 7 次运行", "dags.next": "下次", "dags.labels": "标签", "dags.search": "查找 DAG", "dags.byHand": "手动",
  "dags.schedule": "暂由手动", "dags.none": "还没有 DAG。", "dags.noneMore": "导入一个，从空白开始，或试试示例。", "dags.noMatch": "没有匹配的 DAG。", "dags.noMatchMore": "不加筛选共有 {n} 个。",
  "dags.neverRan": "从未运行", "dags.errors": "{n} 个错误", "dags.draft": "草稿", "dags.exportAll": "全部导出", "dags.cannotStart": "定义有错误", "dags.strip": "最近的运行，从旧到新：{list}",
  "new.title": "新建 DAG", "new.name": "名称", "new.do": "创建", "new.hint": "字母、数字、短横、点和下划线，最多 40 个。", "new.sample": "或从示例开始",
  "dag.tab.overview": "概览", "dag.tab.spec": "定义", "dag.tab.graph": "图", "dag.tab.runs": "运行", "dag.tab.files": "文件",
  "dag.missing": "本机上没有名为 {name} 的 DAG。", "dag.missingMore": "它可能已被重命名或删除。", "dag.lastRun": "上次运行：{status}", "dag.revision": "修订 {n}", "dag.draftSince": "基于修订 {n} 的草稿",
  "dag.published": "修订 {n}，发布于 {time}", "dag.revisions": "修订", "dag.description": "说明", "dag.noDescription": "没有说明。", "dag.steps": "步骤", "dag.params": "参数", "dag.labels": "标签", "dag.schedule": "调度",
  "dag.hosts": "可访问", "dag.noHosts": "尚无主机", "dag.noRuns": "还没有运行。运行一次，日志从此开始。", "dag.rename": "重命名 {name}", "dag.runDraft": "运行草稿", "dag.latestRuns": "最近的运行", "dag.type": "类型",
  "dag.sample": "来自示例", "dag.created": "创建于", "dag.export": "导出为 YAML", "dag.restore": "把这段文字放入草稿", "dag.discard": "丢弃草稿", "dag.discarded": "草稿已丢弃；现在是修订 {n}。",
  "spec.loading": "正在加载编辑器", "spec.problems": "问题", "spec.noProblems": "没有问题。", "spec.problemCount": "{errors}，{warnings}", "spec.errors": "{n} 个错误", "spec.warnings": "{n} 个提示",
  "spec.kept": "已保存在本机", "spec.keeping": "正在保存…", "spec.unchanged": "与发布的一致", "spec.runsHere": "可在此运行：{of} 步中的 {n} 步", "spec.runsDagu": "可在 Dagu 运行：{n}/{of}", "spec.change": "改正",
  "spec.published": "已发布修订 {n}", "spec.nothing": "没有可发布的改动", "spec.hasErrors": "先改正错误", "spec.steps": "步骤", "spec.selected": "所选步骤", "spec.kind": "类型", "spec.line": "行", "spec.needs": "依赖", "spec.retries": "重试",
  "spec.retriesOf": "再试 {n} 次，间隔 {s} 秒", "spec.lastValid": "文本有错误。这是上一个有效的图。", "spec.none": "无", "spec.editor": "{name} 的定义", "spec.selectHint": "在图中选一个步骤，或把光标移到步骤里。",
  "spec.conflict": "你编辑期间已有人发布修订 {n}。你的文字保留为草稿，没有覆盖任何内容。", "spec.conflictKeep": "用我的发布", "spec.conflictTake": "采用对方的",
  "graph.title": "图", "graph.fit": "适应窗口", "graph.in": "放大", "graph.out": "缩小", "graph.name": "{n} 个步骤的图", "graph.hint": "方向键沿边移动，Enter 打开，加减号缩放，0 适应窗口。", "graph.empty": "还没有步骤。", "graph.unknown": "未知步骤",
  "graph.tooBig": "{n} 个步骤太多，无法绘制。列表中可以看到全部。", "graph.asList": "列表",
  "start.title": "运行 {dag}", "start.revision": "修订 {n}。", "start.draft": "你的草稿，会标明。", "start.draftBad": "修订 {n}。草稿有错误，不使用。", "start.required": "必填", "start.oneOf": "{n} 选一", "start.text": "文本",
  "start.integer": "整数", "start.number": "数字", "start.boolean": "是或否", "start.range": "{min} 到 {max}", "start.atLeast": "至少 {min}", "start.atMost": "最多 {max}", "start.noParams": "这个 DAG 没有参数。",
  "start.happens": "将会发生", "start.steps": "步骤", "start.asks": "{n} 个，其中有需要你批准的", "start.usual": "通常用时", "start.hosts": "主机", "start.network": "网络", "start.networkNeeded": "{n} 个步骤需要", "start.networkNot": "不需要",
  "start.lastParams": "最近的参数", "start.use": "使用草稿", "start.useHead": "使用修订 {n}", "start.wrongNumber": "需要一个数字。", "start.wrongInteger": "需要一个整数。", "start.tooSmall": "至少 {min}。", "start.tooBig": "最多 {max}。",
  "start.tooShort": "至少 {min} 个字符。", "start.tooLong": "最多 {max} 个字符。", "start.pattern": "不符合模式 {pattern}。", "start.missing": "需要一个值。", "start.toFix": "{n} 个值要改", "start.positional": "参数 {n}", "start.locked": "参数已由 run_config 固定。",
  "files.drop": "把文件拖到这里，或选择文件。DAG 设有 working_dir: . 时步骤就能看到它们。", "files.name": "名称", "files.size": "大小", "files.changed": "修改时间", "files.none": "这个文件夹是空的。", "files.up": "上传文件", "files.preview": "{name} 的预览",
  "files.total": "{n}，{size}", "files.rename": "{name} 的新名称", "files.deleted": "已删除 {name}", "files.pick": "选一个文件查看内容。", "files.binary": "不是文本：{size}。", "files.cut": "{size} 中的前 {shown}。", "files.deleteAsk": "删除 {name}？", "files.deleteBody": "从 DAG 的文件夹中移除。“撤销”可以放回。",
  "key.tab": "缩进", "sample.load": "添加并运行",
};
