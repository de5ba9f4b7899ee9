/** Owns `${id.stdout}` and its kin (15): which property, which slice. Refuses to know where the values come from. */
import { pathInText } from "./path.ts";

export interface StepRefValue {
  readonly stdoutPath?: string;
  readonly stderrPath?: string;
  readonly exitCode: string;
  readonly output?: string;
}

const sliceForm = /^:(-?\d+)(?::(-?\d+))?$/;

/** Rune slice of `:off` or `:off:len`; undefined when the text is no slice. An offset past the end gives "". */
const sliced = (value: string, slice: string): string | undefined => {
  if (slice === "") return value;
  const found = sliceForm.exec(slice);
  if (!found) return undefined;
  const runes = [...value];
  const offset = Number(found[1]);
  const length = found[2] === undefined ? runes.length : Number(found[2]);
  if (offset < 0 || length < 0) return undefined;
  return runes.slice(offset, offset + length).join("");
};

/** Value of the dotted rest of a reference (".output.a", ".stdout:0:3"); undefined leaves it literal. */
export const stepProperty = (ref: StepRefValue, path: string): string | undefined => {
  const found = /^\.(stdout|stderr|exit_code|exitCode|output)(.*)$/s.exec(path);
  if (!found) return undefined;
  const rest = found[2] as string;
  if (found[1] === "exit_code" || found[1] === "exitCode") return sliced(ref.exitCode, rest);
  if (found[1] === "stdout") return ref.stdoutPath === undefined ? undefined : sliced(ref.stdoutPath, rest);
  if (found[1] === "stderr") return ref.stderrPath === undefined ? undefined : sliced(ref.stderrPath, rest);
  if (ref.output === undefined) return undefined;
  if (rest.startsWith(".") || rest.startsWith("[")) return pathInText(ref.output, rest.startsWith("[") ? `.${rest}` : rest);
  return sliced(ref.output, rest);
};
