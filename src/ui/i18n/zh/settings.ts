/** 设置各部分的词。 */
import type { settings as english } from "../en/settings.ts";

export const settings: Readonly<Record<keyof typeof english, string>> = {
  "set.title": "设置", "set.part.general": "通用", "set.part.storage": "存储", "set.part.hosts": "主机", "set.part.environment": "环境变量", "set.part.compatibility": "兼容性", "set.part.commands": "Shell 命令", "set.part.samples": "示例",
  "set.language": "语言", "set.theme": "主题", "set.theme.system": "跟随系统", "set.theme.light": "浅色", "set.theme.dark": "深色", "set.density": "密度", "set.density.standard": "标准", "set.density.compact": "紧凑", "set.density.touch": "触控",
  "set.backup": "备份", "set.backupLead": "把一切（定义、修订、文件夹、运行、日志、设置）存成一个文件，也能恢复到空的浏览器里。", "set.backupSave": "全部保存", "set.backupRestore": "从文件恢复", "set.backupDone": "已保存 {size}。", "set.restored": "已恢复，内容都在这里。",
  "set.restoreTitle": "从 {name} 恢复？", "set.restoreBody": "文件内容将放入这个浏览器。最好在空的浏览器里进行。", "set.used": "已用", "set.persist": "长期保留", "set.persistYes": "是，浏览器不会清除。", "set.persistNo": "尚未：磁盘不足时浏览器可能清除。", "set.persistAsk": "要求浏览器保留",
  "set.persistRefused": "浏览器暂未同意。安装应用或多用几次后再试。", "set.rows": "记录", "set.facts": "浏览器提供的能力", "set.fact.secure": "安全页面", "set.fact.locks": "Web Locks", "set.fact.indexedDb": "IndexedDB", "set.fact.opfs": "私有文件（OPFS）", "set.fact.serviceWorker": "离线（Service Worker）", "set.fact.isolated": "跨源隔离",
  "set.fact.missing": "缺少", "set.fact.there": "有", "set.fact.opfsNo": "缺少：文件存入 IndexedDB", "set.fact.isolatedNo": "缺少：并非必需", "set.hostsLead": "只有 http 步骤和 curl 会访问其他站点，而且只限你为该 DAG 允许的主机。Dagbok 自身不联系任何人。", "set.hostsNone": "还没有允许任何主机。", "set.host": "主机", "set.since": "允许于", "set.lastUsed": "上次使用", "set.never": "从未", "set.revoke": "收回", "set.revoked": "已不再允许 {host}",
  "set.envLead": "每次运行都能看到的主机环境变量。值保存在本机，不要放密钥。", "set.envName": "名称", "set.envValue": "值", "set.envAdd": "添加", "set.envNone": "没有主机变量。", "set.envBad": "名称由字母、数字和下划线组成，不能以数字开头。",
  "set.compatLead": "同一份 YAML 在这里和 Dagu 2.6 上都能运行。浏览器做不到的地方列在下面。", 
  "set.cannot1": "没有原始套接字、SSH 或 Docker：这类步骤会保留、显示和导出，运行时说明原因后拒绝。", "set.cannot2": "HTTP 遵守 CORS：主机须允许网页读取其应答。", "set.cannot3": "关闭的标签页什么都不运行。此版本尚不会自动触发调度：手动运行即可。", "set.cannot4": "后台标签页会被降速：运行可能变慢，但不会出错。", "set.cannot5": "除非设为长期保留，浏览器可能清除存储。记得保存备份。",
  "set.commandsLead": "没有类型的步骤在 Dagbok 自己的 shell 中运行。它认识以下命令；其他命令会得到“command not found”。", "set.saved": "已保存", "set.builtins": "内建命令", "set.programs": "程序",
  "set.samplesLead": "十个离线可用、自带数据的 DAG。它们不加改动也能在 Dagu 2.6 上运行。", "set.open": "打开", "set.version": "版本", "set.offline": "可离线使用", "set.offlineYes": "是：下次访问不需要服务器。", "set.offlineNo": "尚未：运行时仍在保存，或浏览器没有 Service Worker。",
  "set.deviation.browser": "因浏览器而不同", "set.deviation.bug": "没有照搬的 Dagu 缺陷", "set.home.here": "在此标签页运行", "set.home.backend": "需要服务器", "set.home.later": "尚未支持", "set.home.dagu": "Dagu 也无法运行",
};
