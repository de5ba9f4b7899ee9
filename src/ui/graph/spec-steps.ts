/** Owns how the steps of a spec are told to the graph: kind icon and kind word instead of a status. */
import type { Dag, Step } from "../../core/spec/dag.ts";
import { kindIcon, type IconName } from "../parts/control/icons.ts";

export interface SpecStep {
  readonly name: string;
  readonly depends: readonly string[];
  readonly note: string;
  readonly icon: IconName;
  readonly line: number;
}
/** "sqlite", "python3", "shell": what a reader calls the step's kind. */
export const kindWord = (step: Step): string => {
  if (step.approval !== undefined && step.commands.length === 0 && step.script === undefined) return "approval";
  if (step.customType !== undefined) return step.customType;
  const shebang = /^#!\s*(?:\/usr\/bin\/env\s+)?(\S+)/.exec(step.script ?? "")?.[1]?.split("/").at(-1);
  if (step.type === "command" || step.type === "") return shebang ?? step.shell?.[0]?.split("/").at(-1) ?? "shell";
  return step.type;
};
export const specSteps = (dag: Dag): readonly SpecStep[] =>
  dag.steps.map((step) => {
    const note = kindWord(step);
    return { name: step.name, depends: step.depends, note: step.approval !== undefined && note !== "approval" ? `${note} · approval` : note, icon: kindIcon(note === "node" ? "js" : note === "approval" ? "approval" : step.type), line: step.line };
  });
