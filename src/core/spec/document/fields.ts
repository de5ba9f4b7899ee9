/** Owns the rules of plain DAG-level fields, and warnings about those that do nothing here (contract 2, 10.0). */
import { addError, addWarning, fieldFault, type Report } from "../decode/report.ts";
import { goType, printTree, stringOf, valueAt, type MapTree, type Tree } from "../yaml/tree.ts";

export const checkFields = (map: MapTree, report: Report): void => {
  const runs = valueAt(map, "hist_retention_runs"), days = valueAt(map, "hist_retention_days");
  const refuse = (code: string, at: Tree, field: string, reason: string): void => addError(report, "build", fieldFault(code, at, field, reason, printTree(at)));
  if (runs !== undefined && days !== undefined) refuse("retention-both", runs, "hist_retention_runs", "hist_retention_days and hist_retention_runs cannot both be specified");
  if (runs?.kind === "scalar" && (runs.value as number) <= 0) refuse("retention-runs", runs, "hist_retention_runs", "hist_retention_runs must be greater than 0");
  if (days?.kind === "scalar" && (days.value as number) < 0) refuse("retention-days", days, "hist_retention_days", "hist_retention_days must be >= 0");
  const overlap = valueAt(map, "overlap_policy");
  if (overlap !== undefined && !["skip", "all", "latest", ""].includes((stringOf(overlap) ?? "").trim().toLowerCase())) {
    refuse("overlap-policy", overlap, "overlap_policy", `invalid overlap_policy "${printTree(overlap)}" (must be one of: skip, all, latest)`);
  }
  const window = valueAt(map, "catchup_window");
  if (window !== undefined && !isPositiveDuration(stringOf(window) ?? "")) refuse("catchup-window", window, "catchup_window", `invalid catchup_window: invalid duration "${printTree(window)}"`);
  const max = valueAt(map, "max_active_runs");
  if (max?.kind === "scalar" && max.value !== 1) {
    addWarning(report, "build", { code: "max-active-runs", at: max, message: "max_active_runs is deprecated and ignored for local queues: one run at a time; use a global queue" });
  }
  if (map.fields.has("tags")) addWarning(report, "build", deprecated(map, "tags", "labels"));
  checkWebhook(map, report);
  checkWorkers(map, report);
};
const deprecated = (map: MapTree, key: string, use: string) => {
  const field = map.fields.get(key)!;
  return {
    code: "deprecated-key", at: { span: field.keySpan, path: field.value.path }, message: `"${key}" is deprecated; use "${use}"`, values: { key, use },
    fix: { label: `use ${use}`, ...field.keySpan, text: use },
  };
};
/** Go's units and `d`. */
export const isPositiveDuration = (text: string): boolean => /^\+?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h|d))+$/.test(text.trim()) && /[1-9]/.test(text);

const checkWebhook = (map: MapTree, report: Report): void => {
  const webhook = valueAt(map, "webhook");
  const headers = webhook?.kind === "map" ? valueAt(webhook, "forward_headers") : undefined;
  const bad = headers?.kind === "list" ? headers.items.find((item) => printTree(item).toLowerCase() === "authorization") : undefined;
  if (bad !== undefined) addError(report, "build", fieldFault("webhook-header", bad, "webhook.forward_headers", "Authorization must not be forwarded", printTree(bad)));
};
const checkWorkers = (map: MapTree, report: Report): void => {
  const selector = valueAt(map, "worker_selector"), steps = valueAt(map, "steps");
  if (selector?.kind !== "map" || steps === undefined) return;
  const trees = steps.kind === "list" ? steps.items : steps.kind === "map" ? [...steps.fields.values()].map((field) => field.value) : [];
  const gate = trees.find((tree) => tree.kind === "map" && valueAt(tree, "approval") !== undefined);
  if (gate !== undefined) addError(report, "build", fieldFault("workers-and-approval", gate, "worker_selector", "worker_selector cannot be used in a DAG with approval steps"));
};

/** DAG-level retry: whole numbers or digit texts only; the values themselves are read by the scheduler (10.4). */
export const dagRetry = (tree: Tree | undefined, report: Report): void => {
  if (tree?.kind !== "map") return;
  const check = (key: string, least: number, required: boolean): void => {
    const value = valueAt(tree, key), field = `retry_policy.${key}`;
    if (value === undefined) {
      if (required) addError(report, "build", fieldFault("retry-missing", tree, field, `${key} is required when retry_policy is specified`));
      return;
    }
    const whole = value.kind === "scalar" && (value.type === "int" || (value.type === "string" && /^\d+$/.test(value.text))) ? Number(value.text) : undefined;
    if (whole === undefined) addError(report, "build", fieldFault("policy-number", value, field, `invalid value for ${field}: must be an integer`, printTree(value)));
    else if (whole < least) addError(report, "build", fieldFault("policy-range", value, field, least === 0 ? `${key} must be >= 0` : `${key} must be greater than 0`, printTree(value)));
  };
  check("limit", 0, true);
  check("interval_sec", 1, false);
  check("max_interval_sec", 1, false);
  const backoff = valueAt(tree, "backoff");
  if (backoff?.kind !== "scalar" || backoff.type === "bool") return;
  if (backoff.type !== "float" && !(backoff.type === "int" && backoff.text.startsWith("-"))) {
    addError(report, "build", fieldFault("backoff-type", backoff, "retry_policy.backoff", `invalid type for retry_policy.backoff: ${goType(backoff)} (must be boolean or number)`, backoff.text));
  } else if ((backoff.value as number) > 0 && (backoff.value as number) <= 1) {
    addError(report, "build", fieldFault("backoff-range", backoff, "retry_policy.backoff", `retry_policy.backoff must be greater than 1.0 for exponential growth, got: ${backoff.text}`, backoff.text));
  }
};
