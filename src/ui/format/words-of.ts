/** Owns how a run or step is told in one clause. Refuses to know colours. */
import type { RunRow, StepRow } from "../../core/run/rows.ts";
import { CommandError } from "../../host/commands.ts";
import { hasKey, t, words } from "../i18n/words.svelte.ts";
import { issues, remarks, rewrites } from "../i18n/zh/issues.ts";

export const statusWord = (status: RunRow["status"] | StepRow["status"]): string => t(`status.${status}`);
export const firstLine = (text: string): string => text.split("\n").find((line) => line.trim() !== "")?.trim() ?? "";

/** "load exit 1: UNIQUE constraint failed", "stopped by you", or "". */
export const whatHappened = (run: RunRow): string => {
  if (run.broken !== undefined) return run.broken;
  if (run.error !== undefined) return run.error.step === "" ? firstLine(run.error.text) : `${run.error.step}: ${firstLine(run.error.text)}`;
  if (run.reason !== undefined) return t(`reason.${run.reason}`);
  return "";
};
export const tookMs = (row: { readonly startedAt?: number; readonly finishedAt?: number }, now: number): number | undefined =>
  row.startedAt === undefined ? undefined : Math.max(0, (row.finishedAt ?? now) - row.startedAt);

/** The translated text of a refusal; the English text when its code has none. */
export const refusalText = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof CommandError ? error.code : typeof error === "object" && error !== null && "code" in error ? String(error.code) : "other";
  const key = `error.${code}`;
  return hasKey(key) ? t(key, { message }) : message;
};
/** An issue in the chosen language; Chinese gives the English text after its own, since names and values stand in it. */
export const issueText = (issue: { readonly code: string; readonly message: string; readonly values?: Readonly<Record<string, string>> }): string => {
  // What the shell says of a script comes in both languages.
  if (words.locale === "zh-CN" && issue.code.startsWith("shell-") && issue.values?.["zh"] !== undefined) return issue.values["zh"];
  const own = words.locale === "zh-CN" ? issues[issue.code] : undefined;
  return own === undefined ? issue.message : `${own}（${issue.message}）`;
};
/** Why a step runs elsewhere or differently, in the chosen language. */
export const remarkText = (remark: { readonly reason: string; readonly message: string }): string => (words.locale === "zh-CN" ? remarks[remark.reason] : undefined) ?? remark.message;
/** What could be written instead, so that the step runs here; "" when nothing would help. */
export const rewriteText = (remark: { readonly reason: string; readonly rewrite?: string }): string => (words.locale === "zh-CN" ? rewrites[remark.reason] : undefined) ?? remark.rewrite ?? "";
