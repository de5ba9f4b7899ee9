/** Owns the jq step (4.1.2): where its input comes from, how results and errors are printed. */
import { goJson, goJsonIndent } from "../../../../core/value/go/text.ts";
import { plainDigits } from "../../../../core/value/go/number.ts";
import type { Json } from "../../../../core/value/json.ts";
import { readTextFile, resolvePath } from "../../files/whole.ts";
import { failed, succeeded, writeText, type Exit, type Kind, type KindContext } from "../../kind.ts";
import { runJq } from "./run.ts";

const rawText = (value: Json): string => {
  if (value === null) return "";
  if (typeof value === "string") return value;
  return typeof value === "number" ? plainDigits(value) : goJson(value);
};
const fileForm = /^file:\/\/(.*)$/s;

/** Text of the input: the script, a `file://` of it, or `with.input`. Throws what cannot be read. */
const inputText = (context: KindContext): Promise<string> => {
  const { step, settings, world, cwd, expand } = context;
  const path = settings["input"];
  if (typeof path === "string" && path !== "") return readTextFile(world.files, resolvePath(cwd, expand(path, "jqInput").replace(fileForm, "$1")));
  const script = expand(step.script ?? "", "otherCommand").trim();
  const file = fileForm.exec(script);
  return file ? readTextFile(world.files, resolvePath(cwd, file[1] as string)) : Promise.resolve(script);
};

const print = async (context: KindContext, input: string): Promise<Exit> => {
  const filter = context.expand(context.step.commands[0] ?? ".", "otherCommand");
  const answer = await runJq(context.world.assets, input, filter);
  if (!answer.ok && answer.limit !== undefined) return { exitCode: 1, error: answer.message, reason: "limit", retire: true };
  if (!answer.ok) return failed(`failed to parse jq query: ${answer.message.trim()}`);
  const isRaw = context.settings["raw"] === true;
  for (const result of answer.results) {
    if (result.type === "error") await writeText(context.stderr, `failed to run jq query: ${result.message}`);
    else await writeText(context.stdout, `${isRaw ? rawText(result.value) : goJsonIndent(result.value, "    ")}\n`);
  }
  return succeeded;
};

export const jq: Kind = async (context) => {
  let input: string;
  try {
    input = await inputText(context);
  } catch (error) {
    return failed(`failed to read input: ${(error as Error).message}`, 0);
  }
  try {
    JSON.parse(input);
  } catch (error) {
    return failed(`failed to parse input: ${(error as Error).message}`, 0);
  }
  return print(context, input);
};
