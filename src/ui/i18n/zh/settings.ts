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
  "set.commandsFind": "查找命令或选项", "set.commandsNone": "没有与“{text}”匹配的命令或选项。", "set.commandsBash": "仅 bash", "set.commandsBroken": "无法加载列表。请重新加载页面后再试。",
  "set.commandsLead": "没有类型的步骤在 Dagbok 自己的 shell 中运行。它认识以下命令；其他命令会得到“command not found”。", "set.saved": "已保存", "set.builtins": "内建命令", "set.programs": "程序",
  "set.samplesLead": "十个离线可用、自带数据的 DAG。它们不加改动也能在 Dagu 2.6 上运行。", "set.open": "打开", "set.version": "版本", "set.offline": "可离线使用", "set.offlineYes": "是：下次访问不需要服务器。", "set.offlineNo": "尚未：运行时仍在保存，或浏览器没有 Service Worker。",
  "set.deviation.browser": "因浏览器而不同", "set.deviation.bug": "没有照搬的 Dagu 缺陷", "set.home.here": "在此标签页运行", "set.home.backend": "需要服务器", "set.home.later": "尚未支持", "set.home.dagu": "Dagu 也无法运行",
  "set.part.secrets": "密钥", "sec.lead": "运行要用、但谁都不该看到的值：加密保存在本机，从不显示，不进备份，也不同步。",
  "sec.noCrypto": "这个页面不是通过 https 或 localhost 打开的，浏览器不提供加密功能，无法在此保存密钥。", "sec.stateLocked": "已锁定。需要密钥的运行在解锁前会失败。", "sec.stateOpen": "已解锁，直到你锁定或关闭最后一个标签页。", "sec.statePlain": "已用本浏览器的密钥加密。",
  "sec.unlock": "解锁", "sec.unlockLead": "对本浏览器的所有标签页生效。", "sec.lock": "立即锁定", "sec.lockedNow": "已锁定", "sec.unlocked": "已解锁", "sec.protect": "用口令保护", "sec.protectLead": "没有口令，谁也打不开这些密钥，包括你自己：无法找回。最后一个标签页关闭后需要重新输入，在此之前需要密钥的运行会失败。", "sec.protected": "已加上口令保护", "sec.change": "更换口令",
  "sec.unprotect": "去掉口令", "sec.unprotectLead": "密钥仍用本浏览器的密钥加密，运行时无需再问。", "sec.unprotected": "已去掉口令", "sec.passphrase": "口令", "sec.again": "再输一遍", "sec.tooShort": "至少 8 个字符。", "sec.differ": "两次输入不一致。", "sec.noPassphrase": "请输入口令。",
  "sec.none": "还没有保存密钥。", "sec.scope": "用于", "sec.all": "所有 DAG", "sec.goneDag": "已删除的 DAG", "sec.created": "创建于", "sec.value": "值", "sec.noValue": "请输入值。", "sec.replace": "替换", "sec.badName": "名称由字母、数字、点、短横和下划线组成，不能以数字开头。", "sec.lockedHint": "请先解锁。",
  "sec.kept": "已保存 {name}", "sec.deleted": "已删除 {name}", "sec.deleteTitle": "删除 {name}？", "sec.deleteLead": "需要它的运行会失败，值也无法找回。", "sec.how": "DAG 按名称取用；先看它自己的 env，再看本 DAG 的密钥，然后是所有 DAG 共用的密钥，最后是主机变量：",
};
