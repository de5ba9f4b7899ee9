/**
 * Owns the list of deliberate differences from Dagu 2.6, for the compatibility page and the README (contract section 19).
 * `bug`: Dagu's own fault that is not copied; the others follow from living in a browser.
 */
export interface Deviation {
  readonly id: string;
  readonly kind: "browser" | "bug";
  readonly title: { readonly en: string; readonly zh: string };
  readonly reason: { readonly en: string; readonly zh: string };
}
const make = (kind: Deviation["kind"], id: string, en: readonly [string, string], zh: readonly [string, string]): Deviation => ({
  id, kind, title: { en: en[0], zh: zh[0] }, reason: { en: en[1], zh: zh[1] },
});
const browser = (id: string, en: readonly [string, string], zh: readonly [string, string]) => make("browser", id, en, zh);
const bug = (id: string, en: readonly [string, string], zh: readonly [string, string]) => make("bug", id, en, zh);

export const deviations: readonly Deviation[] = [
  browser("legacy-keys", ["Old keys migrate on import", "The importer rewrites Dagu 1.x keys with a notice; runs are as strict as Dagu."], ["导入时迁移旧键", "导入器会改写 Dagu 1.x 的键并提示；运行时与 Dagu 同样严格。"]),
  browser("host-env", ["An explicit host environment", "A tab has no process environment, so each workspace keeps a map of its own."], ["显式的主机环境", "标签页没有进程环境，因此每个工作区各自保存一份映射。"]),
  browser("virtual-files", ["A virtual file system", "Paths, dotenv files and logs live in the browser's storage; condition commands run in the workspace root."], ["虚拟文件系统", "路径、dotenv 文件和日志都在浏览器存储中；条件命令在工作区根目录运行。"]),
  browser("signals", ["Steps are cancelled, not signalled", "Signals become abort, grace, terminate; `sh` behaves like bash."], ["取消而非发信号", "信号简化为中止、宽限、终止；`sh` 的行为与 bash 相同。"]),
  browser("remote-types", ["Remote types are refused here", "Types that need a backend are parsed, shown and exported, and fail fast with their reason."], ["此处拒绝远程类型", "需要后端的类型会被解析、显示和导出，并立即以明确原因失败。"]),
  browser("retention", ["Retention also runs by itself", "Old runs are also removed at start and on a timer, not only at the next run."], ["保留策略自行执行", "除下次运行外，启动时和定时也会清理旧运行。"]),
  browser("catch-up", ["The scheduler catches up on waking", "No clock runs while the tab is closed; missed slots are shown, Dagu drops them."], ["唤醒时补跑", "标签页关闭时没有时钟；错过的时间点会显示出来，Dagu 则直接丢弃。"]),
  browser("heartbeat", ["Lost workers are found sooner", "Thresholds are shorter; waiting runs are never touched."], ["更快发现丢失的工作进程", "阈值更短；等待中的运行绝不会被改动。"]),
  browser("jq-warning", ["jq runtime errors carry a warning", "The step succeeds as in Dagu, with a badge that says the filter failed."], ["jq 运行错误带警告", "步骤与 Dagu 一样成功，但带有说明过滤器出错的标记。"]),
  browser("round-trip", ["Unknown keys and comments survive", "Texts are kept as written; the app's own data stays outside of the YAML."], ["保留未知键和注释", "文本按原样保存；应用自己的数据不写入 YAML。"]),
  bug("working-dir-retry", ["working_dir is kept on a retry", "Dagu forgets it on every retry and resume."], ["重试时保留 working_dir", "Dagu 在每次重试和恢复时都会忘记它。"]),
  bug("dotenv-retry", ["dotenv reaches a retry", "Dagu reads the files again but loses their variables."], ["dotenv 在重试时有效", "Dagu 会重新读取文件却丢失其变量。"]),
  bug("secret-last-line", ["The last line survives masking", "With secrets Dagu drops a last line without a newline from logs."], ["遮盖时保留最后一行", "声明密钥后，Dagu 会丢掉没有换行的最后一行日志。"]),
  bug("internal-keys", ["No internal keys in results", "`DAGU_CONTINUE_ON.*` leaks into call results in Dagu."], ["结果中没有内部键", "Dagu 会把 `DAGU_CONTINUE_ON.*` 泄漏到调用结果中。"]),
  bug("script-listing", ["No script listing in stderr", "Dagu appends the source of a failing script to its stderr."], ["stderr 中不附脚本源码", "Dagu 会把失败脚本的源码附加到 stderr。"]),
  bug("stop-escalation", ["Stop always ends", "Dagu never kills a step that ignores its signal; here it is terminated after the grace time."], ["停止总能结束", "Dagu 不会强制终止忽略信号的步骤；此处在宽限时间后终止。"]),
  bug("stop-retry-wait", ["Stop cuts a retry wait short", "Dagu waits the interval out first; the outcome is the same."], ["停止会缩短重试等待", "Dagu 会先等完间隔；结果相同。"]),
  bug("panics", ["A cycle or unknown step is an ordinary refusal", "Dagu's command line crashes on both."], ["循环或未知步骤只是普通拒绝", "Dagu 命令行遇到这两种情况会崩溃。"]),
  bug("child-working-dir", ["A child document's relative working_dir", "It is relative to the file's folder; Dagu resolves it below a temporary folder."], ["子文档的相对 working_dir", "相对于文件所在文件夹；Dagu 则在临时文件夹下解析。"]),
  bug("parallel-order", ["Parallel results keep the item order", "The order is random in Dagu."], ["并行结果按项目顺序", "在 Dagu 中顺序是随机的。"]),
  bug("resume-env", ["A resume keeps the DAG env of the start", "Dagu evaluates it anew after an approval."], ["恢复时沿用启动时的 DAG env", "Dagu 在批准后会重新求值。"]),
  bug("child-approval", ["Approvals inside a child resume it", "Dagu answers `resumed`, then loses the child."], ["子流程内的批准可恢复它", "Dagu 回答 `resumed`，随后却丢失子流程。"]),
  bug("busy-actions", ["Actions on a running run are refused", "Dagu overwrites the record of the living process."], ["拒绝对运行中的运行执行操作", "Dagu 会覆盖存活进程的记录。"]),
  bug("sqlite-paths", ["Relative paths of sqlite steps", "They are relative to the step's directory; in Dagu to where its process was started."], ["sqlite 步骤的相对路径", "相对于步骤目录；在 Dagu 中相对于其进程启动目录。"]),
];
