/** Owns the one sentence on each key that completion and hover show, in both languages. Source: the contract's sections 1 to 8. */
import { words } from "../i18n/words.svelte.ts";

const docs: Readonly<Record<string, readonly [string, string]>> = {
  name: ["Name of the DAG or step; at most 40 characters of letters, digits, dash, dot, underscore.", "DAG 或步骤的名称；最多 40 个字符：字母、数字、短横、点、下划线。"],
  description: ["What it does, in a sentence.", "用一句话说明它做什么。"],
  type: ["On a DAG: chain (steps in order) or graph (by depends). On a step: what runs it.", "用于 DAG：chain（按顺序）或 graph（按 depends）。用于步骤：由什么执行。"],
  labels: ["Words to find and group DAGs by.", "用于查找和分组的标签。"],
  env: ["Variables for the steps, in order; later ones see earlier ones.", "步骤的环境变量，按顺序；后面的能看到前面的。"],
  params: ["Values a run is started with; typed entries make the start form.", "启动运行时的值；带类型的条目会生成启动表单。"],
  schedule: ["Cron expression. This version does not fire it yet: run it by hand.", "Cron 表达式。此版本尚不会自动触发：手动运行。"],
  steps: ["The steps, in order.", "步骤，按顺序。"],
  id: ["Short id to refer to the step in depends and ${id.stdout}.", "步骤的短标识，用于 depends 和 ${id.stdout}。"],
  depends: ["Steps (id or name) that must have finished first.", "必须先完成的步骤（id 或名称）。"],
  command: ["A command line, or a list of them, run one after another.", "一条命令，或依次执行的命令列表。"],
  script: ["A script; a shebang such as #!/usr/bin/env node chooses what runs it.", "脚本；由 #!/usr/bin/env node 之类的首行决定用什么执行。"],
  shell: ["The shell for commands and scripts.", "命令和脚本使用的 shell。"],
  working_dir: ["Where steps run; \".\" is the DAG's own folder, unset is the run's work directory.", "步骤的运行目录；“.”是 DAG 自己的文件夹，不写则是本次运行的工作目录。"],
  output: ["Keeps what the step prints under a name: output: NAME, then ${NAME}.", "把步骤打印的内容按名称保留：output: NAME，之后用 ${NAME}。"],
  with: ["Settings of the step's type.", "该步骤类型的设置。"],
  preconditions: ["Conditions that must hold; otherwise the step is skipped.", "必须满足的条件；否则跳过该步骤。"],
  continue_on: ["Go on although this step failed or was skipped; or on exit codes or output.", "即使失败或跳过也继续；也可按退出码或输出判断。"],
  retry_policy: ["Try a failed step again: limit, interval_sec, backoff, exit_code.", "失败后重试：limit、interval_sec、backoff、exit_code。"],
  repeat_policy: ["Run a step again while or until a condition holds.", "在条件成立期间，或直到条件成立，重复运行。"],
  limit: ["How many times more.", "再试多少次。"], interval_sec: ["Seconds between.", "间隔秒数。"], backoff: ["true doubles the interval each time; a number multiplies it.", "true 表示每次间隔加倍；数字为倍数。"], max_interval_sec: ["The longest interval, seconds.", "最长间隔（秒）。"],
  exit_code: ["Exit codes it applies to.", "适用的退出码。"], timeout_sec: ["Seconds until it is stopped.", "超过多少秒后停止。"], max_active_steps: ["How many steps run at once.", "同时运行的步骤数。"], max_active_runs: ["How many runs at once.", "同时进行的运行数。"],
  handler_on: ["Steps for the end: init, success, failure, abort, exit, wait.", "收尾步骤：init、success、failure、abort、exit、wait。"], approval: ["Waits for a person: prompt, input, required, rewind_to.", "等待人来批准：prompt、input、required、rewind_to。"],
  artifacts: ["enabled: true gives steps $DAG_RUN_ARTIFACTS_DIR.", "enabled: true 时步骤可用 $DAG_RUN_ARTIFACTS_DIR。"], stdout: ["File that gets the output as well.", "同时写入输出的文件。"], stderr: ["File that gets the errors as well.", "同时写入错误的文件。"], dotenv: ["Files with NAME=value lines.", "含 NAME=value 行的文件。"],
  default: ["Value when none is given.", "未给出时的值。"], required: ["A value must be given.", "必须给出值。"], enum: ["The values allowed.", "允许的值。"], minimum: ["Least value.", "最小值。"], maximum: ["Greatest value.", "最大值。"], pattern: ["Regular expression the text must fit.", "文本须符合的正则表达式。"],
  call: ["Runs another DAG as this step.", "把另一个 DAG 作为这个步骤运行。"], parallel: ["Runs the called DAG once per item.", "对每一项各运行一次被调用的 DAG。"], log_output: ["separate or merged: one log for output and errors.", "separate 或 merged：输出与错误是否合并。"], secrets: ["Secrets by provider.", "按提供方声明的密钥。"], prompt: ["What the person is asked.", "向人提出的问题。"], input: ["Names of the values to ask for.", "要询问的值的名称。"],
};
export const docOf = (key: string): string => docs[key]?.[words.locale === "en" ? 0 : 1] ?? "";
