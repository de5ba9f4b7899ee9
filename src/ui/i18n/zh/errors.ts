/** 命令被拒绝时的话，按代码。 */
import type { errors as english } from "../en/errors.ts";

export const errors: Readonly<Record<keyof typeof english, string>> = {
  "error.conflict": "期间已有更新的修订发布。你的文字保留为草稿，没有覆盖任何内容。",
  "error.invalid": "定义有错误，先改正。", "error.params": "有参数不符合要求。", "error.not_found": "本机上（已）没有这项内容。",
  "error.name_taken": "已有同名的 DAG。", "error.bad_name": "名称由字母、数字、短横、点和下划线组成，最多 40 个字符。", "error.bad_path": "不能使用这个路径。", "error.bad_host": "这不是主机名。", "error.not_a_backup": "这个文件不是 Dagbok 的备份。", "error.newer": "这个文件由更新版本的 Dagbok 写成，请先更新。", "error.nothing_to_undo": "没有可撤销的操作。", "error.timeout": "耗时太长。", "error.quota": "磁盘已满。删除一些运行或文件后再试。",
  "error.too_large": "内容太大。", "error.still_running": "运行尚未结束。",
  "error.locked": "密钥已锁定，请先解锁。", "error.wrong_passphrase": "这个口令打不开密钥。", "error.weak_passphrase": "口令至少 8 个字符。", "error.no_crypto": "此页面没有加密功能：请通过 https 或 localhost 打开。", "error.damaged": "有一个保存的密钥打不开。请删除后重新设置。",
  "error.bad_secret": "密钥的名称由字母、数字、点、短横和下划线组成，且值不能为空。",
  "error.other": "{message}", "error.title": "操作没有成功。",
  "net.cors": "{host} 有应答，但不允许网页读取（CORS）。请其所有者允许本站来源，或在后端运行此步骤。", "net.mixed-content": "此页面通过 https 打开，不能以 http 读取 {host}。请改用 https，或在 localhost 上以 http 打开本应用。", "net.offline": "没有网络：本机离线，访问不到 {host}。联网后再运行此步骤。", "net.refused-host": "此 DAG 未获准访问主机 {host}。允许之后再运行此步骤。", "net.timeout": "{host} 没有及时应答。可调大步骤的超时时间，或稍后再试。", "net.unknown-host": "找不到 {host} 这个名称（DNS）。请检查拼写，以及当前网络能否解析它。", "net.no-listener": "{host} 拒绝连接：那里没有服务在监听。请检查端口，以及服务是否在运行。", "net.bad-certificate": "{host} 的证书不受信任。请更新证书，或改用证书上的名称。", "net.unreachable": "访问不到 {host}：名称未知、没有服务在监听，或它不允许网页读取（CORS）。",
};
