/** 同步的词：登录、待发送的更改、冲突。 */
import type { sync as english } from "../en/sync.ts";

export const sync: Readonly<Record<keyof typeof english, string>> = {
  "set.part.sync": "同步", "sync.off": "同步已关闭，一切都留在本机。", "sync.offLead": "登录你自己的服务器，让多台设备保持一致。打开或关闭都不会丢失任何东西。", "sync.new": "这是一台新服务器：设置第一个名称和密码。",
  "sync.name": "名称", "sync.password": "密码", "sync.passwordHint": "至少 10 个字符。", "sync.device": "本设备的名称", "sync.signIn": "登录", "sync.setUp": "设置这台服务器", "sync.noServer": "这个地址没有 Dagbok 服务器。静态托管没有服务器；可用 npm start 启动一个。",
  "sync.with": "{user}，工作区 {workspace}，角色 {role}", "sync.now": "立即同步", "sync.signOff": "让本设备退出", "sync.signOffTitle": "让本设备退出？", "sync.signOffBody": "这里的一切都会保留，只是不再交换更改。",
  "sync.complete": "与服务器一致，{time}核对", "sync.checked": "上次一致：{time}。等待再次核对。", "sync.never": "尚未一致。", "sync.unsent": "{n} 处更改等待发送", "sync.none": "没有等待发送的更改", "sync.trouble": "问题", "sync.state": "状态", "sync.pending": "待发送", "sync.account": "账户",
  "sync.unreachable": "连不上服务器。工作照常进行，稍后发送。", "sync.not-dagbok": "应答的不是服务器，可能是网络的登录页面。", "sync.signed-out": "本设备已被退出。重新登录即可，不会丢失内容。", "sync.not-allowed": "你不再能访问该工作区。你的更改保留在这里。",
  "sync.busy": "服务器要求稍候。", "sync.server-error": "服务器出错：{message}", "sync.conflicts": "在两台设备上编辑过", "sync.conflictsNone": "没有冲突。", "sync.keepThis": "保留这一份", "sync.shown": "当前显示", "sync.conflictLead": "两份都保留。决定之前，运行使用当前显示的一份。",
  "sync.recovered": "已在别处删除", "sync.recoveredLead": "你的编辑遇到了已成定局的删除，或没有权限。文本保留在这里。", "sync.denied": "没有权限", "sync.deletedElsewhere": "已在别处删除", "rail.synced": "{time}已同步", "rail.syncing": "等待同步",
  "error.wrong-name-or-password": "名称或密码不对。", "error.password-too-short": "密码至少 10 个字符。", "error.already-set-up": "这台服务器已有第一个用户，登录即可。", "error.name-invalid": "名称由字母、数字、点、连字符或下划线组成。", "error.unreachable": "连不上服务器。", "error.not-dagbok": "这不是 Dagbok 自己的服务器。", "error.too-many-requests": "尝试次数过多，等一分钟。",
};
