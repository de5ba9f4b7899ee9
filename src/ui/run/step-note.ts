/** Owns the one fact beside a step's status: "Failed · exit 1", "Running · 11.8 s". */
import type { StepRow } from "../../core/run/rows.ts";
import { span } from "../format/time.ts";
import { statusWord, tookMs } from "../format/words-of.ts";
import { t } from "../i18n/words.svelte.ts";

export const stepFact = (step: StepRow, now: number): string => {
  if (step.status === "failed" && step.exitCode !== undefined && step.exitCode !== 0) return t("run.exit", { code: step.exitCode });
  if (step.status === "retrying" && step.wakesAt !== undefined) return t("run.wakes", { time: span(Math.max(0, step.wakesAt - now)) });
  if (step.status === "not_started" || step.status === "skipped" || step.status === "waiting") return "";
  const took = tookMs(step, now);
  return took === undefined ? "" : span(took);
};
export const stepNote = (step: StepRow, now: number): string => {
  const fact = stepFact(step, now);
  return fact === "" ? statusWord(step.status) : `${statusWord(step.status)} · ${fact}`;
};
