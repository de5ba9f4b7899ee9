/**
 * Owns which keys Dagu 2.6 knows at each level and the YAML type of each. Parse, completion and hover all read these tables.
 * Types: string int bool float any; `@name` a nested map of that shape; `[]T` a list; `{}T` a map of any keys; `custom` has its own rules.
 */
export type FieldType = string;
export type Shape = Readonly<Record<string, FieldType>>;

const dag: Shape = {
  name: "string", group: "string", description: "string", type: "string", labels: "custom", tags: "custom", env: "custom",
  dotenv: "custom", secrets: "[]@secret", schedule: "custom", skip_if_successful: "bool", catchup_window: "string",
  overlap_policy: "string", queue: "string", max_active_runs: "int", max_active_steps: "int", timeout_sec: "int", delay_sec: "int",
  restart_wait_sec: "int", hist_retention_days: "int", hist_retention_runs: "int", max_clean_up_time_sec: "int", max_output_size: "int",
  preconditions: "any", params: "any", shell: "custom", working_dir: "string", log_dir: "string", log_output: "custom",
  artifacts: "@artifacts", handler_on: "@handler_on", smtp: "@smtp", mail_on: "@mail_on", error_mail: "@mail", info_mail: "@mail",
  wait_mail: "@mail", otel: "@otel", worker_selector: "any", container: "any", registry_auths: "any", ssh: "@ssh", s3: "@s3", redis: "@redis",
  kubernetes: "any", llm: "@llm", harness: "any", harnesses: "any", run_config: "@run_config", webhook: "@webhook",
  retry_policy: "@dag_retry", defaults: "@defaults", step_types: "{}@step_type", steps: "any",
};
const step: Shape = {
  name: "string", id: "string", description: "string", type: "string", with: "any", config: "any", command: "any", exec: "@exec",
  script: "string", shell: "custom", shell_packages: "[]string", working_dir: "string", env: "custom", depends: "custom",
  preconditions: "any", continue_on: "custom", retry_policy: "@retry", repeat_policy: "@repeat", timeout_sec: "int",
  signal_on_stop: "string", mail_on_error: "bool", stdout: "string", stderr: "string", log_output: "custom", output: "any",
  call: "string", params: "any", parallel: "any", value: "string", routes: "{}[]string", approval: "@approval",
  worker_selector: "{}string", container: "any", llm: "@llm", messages: "[]@message", agent: "@agent",
};

/** Shapes by name; "dag" and "step" are the two roots. */
export const shapes: Readonly<Record<string, Shape>> = {
  dag, step,
  handler_on: { init: "@step", success: "@step", failure: "@step", abort: "@step", exit: "@step", wait: "@step" },
  artifacts: { enabled: "bool", dir: "string" },
  smtp: { host: "string", port: "any", username: "string", password: "string" },
  mail_on: { failure: "bool", success: "bool", wait: "bool" },
  mail: { from: "string", to: "any", prefix: "string", attach_logs: "bool" },
  otel: { enabled: "bool", endpoint: "string", headers: "{}string", insecure: "bool", timeout: "string", resource: "{}any" },
  secret: { name: "string", provider: "string", key: "string", options: "{}string" },
  schedule: { start: "any", stop: "any", restart: "any" },
  schedule_entry: { kind: "string", expression: "string", at: "string" },
  run_config: { disable_param_edit: "bool", disable_run_id_edit: "bool" },
  webhook: { forward_headers: "[]string" },
  dag_retry: { limit: "any", interval_sec: "any", backoff: "any", max_interval_sec: "any" },
  retry: { limit: "any", interval_sec: "any", exit_code: "[]int", backoff: "any", max_interval_sec: "int" },
  repeat: {
    repeat: "any", interval_sec: "any", limit: "any", condition: "string", expected: "string", exit_code: "[]int", backoff: "any",
    max_interval_sec: "any",
  },
  defaults: {
    continue_on: "custom", retry_policy: "@retry", repeat_policy: "@repeat", timeout_sec: "int", mail_on_error: "bool",
    signal_on_stop: "string", env: "custom", preconditions: "any", agent: "@agent",
  },
  step_type: { type: "string", description: "string", input_schema: "{}any", template: "{}any" },
  exec: { command: "string", args: "[]any" },
  condition: { condition: "string", command: "string", expected: "string", negate: "bool" },
  continue_on: { failure: "bool", failed: "bool", skipped: "bool", exit_code: "any", output: "any", mark_success: "bool" },
  approval: { prompt: "string", input: "[]string", required: "[]string", rewind_to: "string" },
  parallel: { items: "any", max_concurrent: "any" },
  output_entry: { value: "any", from: "string", path: "string", decode: "string", select: "string" },
  param: {
    name: "string", default: "any", eval: "string", description: "string", type: "string", required: "bool", enum: "[]any", minimum: "float",
    maximum: "float", min_length: "int", max_length: "int", pattern: "string",
  },
  message: { role: "string", content: "string" },
  ssh: {
    user: "string", host: "string", port: "any", key: "string", password: "string", strict_host_key: "bool", known_host_file: "string",
    shell: "any", bastion: "any", timeout: "string",
  },
  s3: {
    region: "string", endpoint: "string", access_key_id: "string", secret_access_key: "string", session_token: "string", profile: "string",
    force_path_style: "bool", disable_ssl: "bool", bucket: "string",
  },
  redis: {
    url: "string", host: "string", port: "int", password: "string", username: "string", db: "int", tls: "bool", tls_skip_verify: "bool",
    mode: "string", sentinel_master: "string", sentinel_addrs: "[]string", cluster_addrs: "[]string", max_retries: "int", timeout: "int",
  },
  llm: {
    provider: "string", model: "any", system: "string", temperature: "float", max_tokens: "int", top_p: "float", base_url: "string",
    api_key_name: "string", stream: "bool", thinking: "@thinking", web_search: "any", tools: "[]string", max_tool_iterations: "int",
  },
  thinking: { enabled: "bool", effort: "string", budget_tokens: "int", include_in_output: "bool" },
  agent: {
    model: "string", tools: "@agent_tools", memory: "any", prompt: "string", max_iterations: "int", safe_mode: "bool", skills: "[]string",
    soul: "string", web_search: "any",
  },
  agent_tools: { enabled: "[]string", bash_policy: "any" },
  container: {
    exec: "string", name: "string", image: "string", pull_policy: "any", env: "any", volumes: "[]string", user: "string", working_dir: "string",
    platform: "string", ports: "[]string", network: "string", startup: "string", command: "any", wait_for: "string", log_pattern: "string",
    restart_policy: "string", keep_container: "bool", healthcheck: "@healthcheck", shell: "any",
  },
  healthcheck: { test: "[]string", interval: "string", timeout: "string", start_period: "string", retries: "int" },
};

const irregular: Readonly<Record<string, string>> = {
  maxCleanUpTimeSec: "max_clean_up_time_sec", disableSSL: "disable_ssl", baseURL: "base_url", artifactDir: "artifacts.dir",
  enableArtifact: "artifacts.enabled", forwardHeaders: "webhook.forward_headers", precondition: "preconditions", dir: "working_dir", run: "call",
};
const camel = `workingDir skipIfSuccessful catchupWindow overlapPolicy logDir logOutput handlerOn mailOn errorMail infoMail waitMail timeoutSec delaySec
 restartWaitSec histRetentionDays histRetentionRuns maxActiveRuns maxActiveSteps maxOutputSize runConfig workerSelector registryAuths shellPackages
 continueOn retryPolicy repeatPolicy mailOnError signalOnStop intervalSec exitCode maxIntervalSec markSuccess maxConcurrent disableParamEdit
 disableRunIdEdit attachLogs pullPolicy keepContainer waitFor logPattern restartPolicy startPeriod strictHostKey knownHostFile accessKeyId
 secretAccessKey sessionToken forcePathStyle tlsSkipVerify sentinelMaster sentinelAddrs clusterAddrs maxRetries budgetTokens includeInOutput
 maxTokens topP apiKeyName maxToolIterations`.split(/\s+/);

/** Old key to current key, as Dagu's own hint has it (contract section 16). */
export const legacyKeys: ReadonlyMap<string, string> = new Map([
  ...camel.map((key) => [key, key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] as const),
  ...Object.entries(irregular),
]);
