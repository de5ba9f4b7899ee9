/** Owns the number texts of retry and repeat policies (10.0): host environment and backticks only. */
import type { NumberText, Step } from "../../../core/spec/dag.ts";
import type { Policies } from "../../../ports/executor.ts";
import { expand, type Names } from "../../../core/value/expand/expand.ts";
import { fields } from "../../../core/value/expand/phases.ts";
import { goQuote } from "../../../core/value/go/text.ts";
import { drive, ExpansionError, type CommandPlace } from "./world.ts";

export type PoliciesResult = { readonly ok: true; readonly policies: Policies } | { readonly ok: false; readonly message: string };

class NotANumber extends Error {}

const settled = async (value: NumberText, names: Names, place: CommandPlace): Promise<number> => {
  if (typeof value === "number") return value;
  if (value === "") return 0;
  const text = await drive(expand(value, fields.numbers, names), place);
  if (!/^[+-]?\d+$/.test(text)) throw new NotANumber(`failed to convert to int: strconv.Atoi: parsing ${goQuote(text)}: invalid syntax`);
  return Number(text);
};

export const settlePolicies = async (step: Step, names: Names, place: CommandPlace): Promise<PoliciesResult> => {
  let which = "retry";
  try {
    const retryLimit = step.retry ? await settled(step.retry.limit, names, place) : 0;
    const retryIntervalSec = step.retry ? await settled(step.retry.intervalSec, names, place) : 0;
    which = "repeat";
    const repeatLimit = step.repeat ? await settled(step.repeat.limit, names, place) : 0;
    const repeatIntervalSec = step.repeat ? await settled(step.repeat.intervalSec, names, place) : 0;
    const repeatMaxIntervalSec = step.repeat ? await settled(step.repeat.maxIntervalSec, names, place) : 0;
    return { ok: true, policies: { retryLimit, retryIntervalSec, repeatLimit, repeatIntervalSec, repeatMaxIntervalSec } };
  } catch (error) {
    if (!(error instanceof NotANumber) && !(error instanceof ExpansionError)) throw error;
    return { ok: false, message: `failed to setup ${which} policy: ${error.message}` };
  }
};
