/** 多个界面共用的词：状态、新鲜度、按钮。 */
import type { common as english } from "../en/common.ts";

export const common: Readonly<Record<keyof typeof english, string>> = {
  "status.not_started": "未开始", "status.queued": "排队中", "status.running": "运行中", "status.succeeded": "成功",
  "status.partially_succeeded": "部分成功", "status.failed": "失败", "status.aborted": "已中止", "status.waiting": "等待处理",
  "status.rejected": "已拒绝", "status.skipped": "已跳过", "status.retrying": "重试中",
  "reason.worker_lost": "执行进程丢失", "reason.tab_closed": "标签页已关闭", "reason.frozen": "标签页被冻结",
  "reason.quota": "达到限额", "reason.timeout": "超时", "reason.user": "由你停止", "reason.dependency": "依赖的步骤失败",
  "reason.policy": "按策略停止", "reason.precondition": "前置条件不满足", "reason.secret": "缺少密钥",
  "reason.unsupported": "浏览器中无法运行", "reason.limit": "达到上限", "reason.broken": "日志损坏", "reason.output": "输出无法读取",
  "reason.not_found": "未找到",
  "trigger.unknown": "未知", "trigger.scheduler": "调度", "trigger.manual": "你", "trigger.webhook": "Webhook", "trigger.subdag": "子 DAG",
  "trigger.retry": "重试", "trigger.catchup": "补跑",
  "fresh.live": "实时", "fresh.loading": "读取中", "fresh.stale": "已过期：正在重读", "fresh.error": "已过期：无法读取",
  "fresh.snapshot": "快照 {time} · 条目 {entry}",
  "do.run": "运行", "do.stop": "停止运行", "do.retry": "重试", "do.retryFrom": "从 {step} 重试", "do.cancel": "取消", "do.close": "关闭", "do.delete": "删除",
  "do.rename": "重命名", "do.save": "保存", "do.download": "下载", "do.copy": "复制", "do.copied": "已复制", "do.undo": "撤销", "do.undoIn": "撤销，{n} 秒",
  "do.readNow": "立即读取", "do.readAgain": "重新读取", "do.open": "打开", "do.openLog": "打开日志", "do.openSpec": "打开定义", "do.approve": "批准", "do.reject": "拒绝…",
  "do.pushBack": "退回…", "do.more": "更多操作", "do.search": "搜索", "do.clear": "清除筛选", "do.back": "返回", "do.upload": "上传", "do.export": "导出",
  "do.import": "导入", "do.newDag": "新建 DAG", "do.publish": "发布", "do.allow": "允许", "do.deny": "不允许", "do.dismiss": "忽略", "do.copyLink": "复制链接",
  "state.slow": "正在从本机读取，比平时慢一些。", "state.stuck": "仍在读取。若一直没有内容，重新加载页面。",
  "state.error": "读取失败。", "state.errorNext": "下面是上次读到的内容。可以重新读取。", "state.errorEmpty": "重新读取，或重新加载页面。",
  "time.ago": "{time}前", "time.justNow": "刚刚", "time.soFar": "已运行 {time}", "time.day": "天", "time.hour": "小时", "time.minute": "分", "time.second": "秒",
  "unit.steps": "{n} 个步骤", "unit.runs": "{n} 次运行", "unit.lines": "{n} 行", "unit.files": "{n} 个文件",
  "yes": "是", "no": "否", "none": "无", "list.separator": "、",
};
