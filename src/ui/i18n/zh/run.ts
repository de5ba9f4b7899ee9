/** 运行页面与运行列表的词。 */
import type { run as english } from "../en/run.ts";

export const run: Readonly<Record<keyof typeof english, string>> = {
  "run.tab.summary": "摘要", "run.tab.graph": "图", "run.tab.timeline": "时间线", "run.tab.logs": "日志", "run.tab.outputs": "输出", "run.tab.artifacts": "产物", "run.tab.events": "事件",
  "run.missing": "本机上没有这次运行。", "run.missingMore": "它可能已被删除，或属于另一个浏览器。", "run.startedBy": "由{who}启动", "run.attempt": "第 {n} 次尝试", "run.draft": "草稿", "run.willEnd": "将结束为", "run.childOf": "子运行，属于",
  "run.failedWith": "失败：退出码 {code}", "run.failedPlain": "失败", "run.attemptOf": "第 {n} 次尝试", "run.openLogAt": "打开日志", "run.compare": "上次成功的运行", "run.succeededOf": "{of} 个步骤中 {n} 个成功", "run.selected": "已选：", "run.usual": "通常 {time}",
  "run.step": "步骤", "run.status": "状态", "run.exit": "退出码 {code}", "run.attempts": "尝试", "run.blocks": "影响", "run.needs": "依赖", "run.lastGood": "上次成功", "run.type": "类型", "run.output": "输出", "run.took": "用时", "run.started": "开始", "run.reason": "原因", "run.conditions": "条件",
  "run.met": "满足", "run.notMet": "不满足", "run.children": "子运行", "run.capped": "已截断", "run.cappedLog": "日志只保留 {max}", "run.waits": "等你处理", "run.waitsPrompt": "{step} 等待你批准", "run.approveInputs": "{step} 的值", "run.rejectReason": "理由（可不填）", "run.rejectTitle": "拒绝 {step}？", "run.rejectBody": "运行将以“已拒绝”结束，后面的步骤不再运行。",
  "run.approveTitle": "批准 {step}？", "run.pushBackTitle": "退回 {step}？", "run.pushBackBody": "这个步骤会重新运行，然后再次等待批准。", "run.wakes": "{time}后再试", "run.neverRan": "没有运行", "run.broken": "这次运行已搁置：日志损坏。其他运行不受影响。", "run.noSteps": "运行开始后步骤会显示在这里。",
  "run.stopping": "正在停止", "run.retryOff": "运行已成功", "run.retryRunning": "运行尚未结束", "run.stopOff": "未在运行", "run.retryHere": "从这里重试", "run.repeat": "{n} 次", "run.revision": "修订 {n}", "run.copied": "链接已复制", "run.spec": "定义", "run.allSteps": "全部步骤", "run.openFull": "打开完整日志",
  "run.note": "可能原因：{text}", "run.unsupported": "这个步骤无法在浏览器中运行，可以在 Dagu 上运行。", "run.workerLost": "运行它的标签页被关闭或崩溃。之前完成的步骤都保留；点“重试”从这里继续。", "run.runAgain": "再次运行",
  "log.title": "日志", "log.find": "在所有行中查找", "log.case": "区分大小写", "log.regex": "正则表达式", "log.prev": "上一处", "log.next": "下一处", "log.follow": "跟随", "log.wrap": "自动换行", "log.time": "时间", "log.download": "下载日志", "log.stdout": "输出", "log.stderr": "错误", "log.none": "这个步骤没有输出。",
  "log.noneYet": "还没有输出。", "log.hits": "{lines}中第 {n}/{of} 处", "log.noHits": "{lines}中没有匹配", "log.badPattern": "表达式无效", "log.newLines": "{n} 行新内容", "log.end": "{step} 到此结束。", "log.stepsLines": "步骤", "log.attempt": "第 {n} 次尝试", "log.lines": "{lines}，本机上 {size}", "log.selected": "第 {from} 行", "log.selectedRange": "第 {from} 到 {to} 行",
  "log.all": "全部步骤", "log.noneAll": "没有步骤写过输出。", "log.liveAll": "步骤正在写入。", "log.view": "{step} 的日志", "log.live": "步骤正在写入。", "log.truncated": "日志到此为止：每个步骤最多保留 {max}，实际输出 {size}。", "log.clearFind": "清除查找", "log.stream": "输出流", "log.noStep": "选一个步骤。",
  "out.none": "没有步骤命名输出。", "out.noneMore": "在步骤中写 output: NAME 就会保留它打印的内容。", "out.name": "名称", "out.value": "值", "out.step": "步骤", "out.params": "参数",
  "art.none": "没有产物。", "art.noneMore": "步骤把文件写到 $DAG_RUN_ARTIFACTS_DIR。", "art.files": "产物", "art.preview": "{name} 的预览", "art.rows": "{n} 行", "art.badChart": "这不是图表选项：{message}", "art.raw": "文本", "art.chart": "图表", "art.table": "表格", "art.loading": "正在加载",
  "art.htmlStill": "页面显示时未运行脚本。", "art.htmlRun": "运行其脚本", "art.htmlRunning": "脚本正在运行，与你的数据和网络隔离。", "art.htmlAgain": "重新开始", "art.htmlStop": "停止其脚本", "art.chartName": "图表 {name}", "art.pick": "选一个产物。", "art.cut": "前 {n} 行。",
  "ev.none": "还没有事件。", "ev.seq": "序号", "ev.time": "时间", "ev.event": "事件", "ev.what": "内容", "ev.more": "更晚的事件", "ev.first": "从头开始",
  "runs.title": "运行", "runs.start": "开始", "runs.status": "状态", "runs.dag": "DAG", "runs.what": "发生了什么", "runs.trigger": "触发", "runs.duration": "用时", "runs.all": "全部 DAG", "runs.none": "还没有运行。", "runs.noneMore": "运行一次 DAG，日志从此开始。", "runs.noMatch": "没有匹配的运行。", "runs.noMatchMore": "不加筛选共有 {n} 次。",
  "runs.newer": "较新", "runs.older": "较旧", "runs.shown": "本页 {n} 次运行", "runs.onePoint": "同一时刻的数据，不重复不遗漏", "runs.filter": "按状态筛选", "runs.byDag": "按 DAG 筛选", "runs.match": "次匹配，共 {n} 次运行", "runs.page": "第 {n} 页", "runs.statuses": "状态", "runs.newerChanges": "{n} 处更新",
  "trend.title": "每天", "trend.range": "{from}至{to}", "trend.note": "按 UTC 日期。点某一天跳到当天的运行。", "trend.faded": "淡色部分在筛选之外。", "trend.nothing": "没有运行", "runs.firstPage": "已是最新一页", "runs.lastPage": "没有更旧的了", "runs.count": "{of} 中的 {n}", "time.axis": "时间", "timeline.title": "时间线", "timeline.needs": "依赖 {step}", "timeline.needsN": "等待 {n} 个步骤", "timeline.asks": "需要你批准", "timeline.none": "还没有运行任何步骤。",
};
