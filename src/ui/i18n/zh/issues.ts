/** 定义文本中问题的中文说明，按代码；英文原文随后给出，其中有具体的名称和值。 */
export const issues: Readonly<Record<string, string>> = {
  "yaml-syntax": "YAML 语法错误", "duplicate-key": "键重复", "unknown-anchor": "引用了不存在的锚点", "root-not-map": "文档必须是键和值的映射", "no-dags": "文件里没有 DAG",
  "unknown-key": "不认识的键", "unknown-key-near": "不认识的键，可能是拼写错误", "legacy-key": "这是旧写法，请用新的键名", "deprecated-key": "这个键已不推荐使用", "forbidden-key": "这里不能使用这个键", "wrong-type": "值的类型不对",
  "text-or-list": "应为文本或列表", "text-too-long": "文本太长", "text-binary": "这不是文本", "too-deep": "嵌套太深", "too-many-tokens": "文本太大，无法读取", "too-many-nodes": "文本太大，无法读取", "too-many-steps": "步骤太多", "too-many-edges": "依赖太多",
  "child-duplicate": "文件中有同名的 DAG", "child-without-name": "文件中有多个 DAG 时，每个都要有 name", "bad-name": "名称不合规则", "name-taken": "名称已被使用",
  "depends-unknown": "依赖的步骤不存在", "unknown-step": "步骤不存在", "step-name-duplicate": "步骤名称重复", "step-name-long": "步骤名称太长", "step-name-id": "步骤名称与另一个步骤的 id 冲突", "step-id-duplicate": "步骤 id 重复", "step-id-long": "步骤 id 太长",
  "step-id-form": "步骤 id 格式不对：字母开头，只含字母、数字和下划线", "step-id-reserved": "这个步骤 id 是保留字", "step-id-name": "步骤 id 与另一个步骤的名称冲突", "step-without-work": "步骤没有要执行的命令", "step-without-call": "这种步骤需要 call", "step-data": "步骤的写法不对", "steps-form": "steps 的写法不对",
  "unknown-step-type": "不认识的步骤类型", "custom-type": "自定义步骤类型有误", "custom-template": "自定义步骤类型的模板有误", "custom-schema": "自定义步骤类型的输入模式有误", "custom-duplicate": "自定义步骤类型重复",
  "command-form": "command 的写法不对", "command-empty": "command 不能为空", "one-command": "这种步骤只能有一条命令", "exec-command": "exec 需要 command", "exec-args": "exec 的 args 写法不对", "exec-alone": "exec 不能与 command 或 script 同用", "unsupported-field": "这种步骤不支持这个字段",
  "with-form": "with 的写法不对", "with-value": "with 中的值不对", "with-and-config": "with 与 config 不能同用", "working-dir-retry": "working_dir 的写法不对",
  "retry-missing": "retry_policy 缺少必需的字段", "policy-number": "策略中的数字不对", "policy-range": "策略中的数字超出范围", "number-form": "数字的写法不对", "backoff-type": "backoff 的类型不对", "backoff-range": "backoff 必须大于 1", "repeat-word": "repeat 只能是 while、until 或布尔值", "repeat-unconditional": "这样重复需要条件或退出码", "timeout-negative": "超时不能为负数",
  "precondition-form": "precondition 的写法不对", "precondition-key": "precondition 中有不认识的键", "precondition-value": "precondition 的值不对", "precondition-negate": "negate 应为布尔值", "precondition-empty": "precondition 缺少条件",
  "param-form": "参数的写法不对", "param-type": "参数类型不对", "param-range": "参数的范围不对", "param-default": "参数的默认值不符合要求", "param-enum": "参数的枚举不对", "param-pattern": "参数的模式不是有效的正则表达式", "param-constraint": "这个约束不适用于该类型", "param-duplicate": "参数名称重复", "param-nested": "参数不能嵌套",
  "output-form": "output 的写法不对", "output-key": "output 的名称不对", "output-type": "output 的类型不对", "output-from": "output 的 from 不对", "output-path": "output 的 path 不对", "output-decode": "output 的 decode 不对", "output-select": "output 的 select 不对", "output-both": "output 不能同时用 value 和 from",
  "env-form": "env 的写法不对", "env-entry": "env 的条目不对", "labels-form": "labels 的写法不对", "labels-and-tags": "labels 与 tags 不能同用", "label-key": "标签的键不对", "label-value": "标签的值不对", "secret-missing": "密钥缺少字段", "secret-duplicate": "密钥名称重复",
  "router-value": "router 需要 value", "router-routes": "router 需要 routes", "router-pattern": "router 的模式不对", "router-target": "router 的目标步骤不存在", "router-targets": "router 的目标写法不对", "router-duplicate": "同一个步骤是多个路由的目标", "router-in-chain": "router 只能用于 type: graph",
  "parallel-without-call": "parallel 需要 call", "parallel-items": "parallel 的 items 写法不对", "parallel-item": "parallel 的条目不对", "parallel-max": "max_concurrent 必须大于 0", "parallel-empty": "parallel 没有条目", "parallel-many": "parallel 的条目太多",
  "rewind-unknown": "rewind_to 指向的步骤不存在", "rewind-downstream": "rewind_to 只能指向之前的步骤", "workers-and-approval": "approval 不能与 worker_selector 同用", "worker-selector": "worker_selector 的写法不对", "dag-transport": "这种步骤不能使用该设置",
  "retention-days": "保留天数不对", "retention-runs": "保留次数不对", "retention-both": "保留天数与次数不能同用", "log-output": "log_output 只能是 separate 或 merged", "overlap-policy": "overlap_policy 不对", "max-active-runs": "max_active_runs 已不推荐，本地一次只运行一个", "cron-uneven": "间隔不能整除，最后一段会更短", "webhook-header": "webhook 的头部名称不对", "real-signal": "信号名称不对", "depends-in-chain": "type: chain 中不能写 depends，请用 type: graph",
};
/** 步骤不能或不同地在此运行的原因，按代码。 */
export const remarks: Readonly<Record<string, string>> = {
  "needs-smtp": "发送邮件需要后端。", "needs-socket": "原始连接需要后端。", "needs-containers": "容器需要后端。", "needs-cluster": "集群需要后端。", "needs-process": "这会启动操作系统的程序。",
  "not-yet": "此版本的 Dagbok 会保留和导出它，但尚不运行。", "no-executor": "名称已保留；Dagu 2.6 没有它的执行器。", "worker-selector": "选择 worker 需要带标签的后端。",
  "nix-packages": "标签页中无法安装 Nix 包；字段会保留。", "other-shell": "标签页中只有 sh、bash、dash、node 和 python3 的解释器。", "mail-on-error": "标签页不发送邮件；改为显示通知。", "tls-verify": "浏览器总会校验证书；skip_tls_verify 不起作用。",
  "real-signal": "步骤是被取消而不是收到信号；信号名会作为原因传给脚本。", "dag-transport": "DAG 的连接设置会保留和导出，仅供后端上的同类步骤使用。",
};
/** 怎样改写才能在此运行，按代码。 */
export const rewrites: Readonly<Record<string, string>> = {
  "needs-containers": "如果镜像只是提供标签页已有的工具（shell、JavaScript、Python、SQL、jq），请删去 container 直接调用。", "needs-socket": "如果服务有 HTTP 接口，请用 type: http。", "needs-smtp": "请用 type: http 调用邮件服务商的 API。", "other-shell": "请把脚本改写为 sh 或 bash。",
};
