/** The root of the command line: `npx dagbok run|validate`. */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { conformance } from "./conformance/command.ts";
import { formatFiles } from "./fmt.ts";
import { runFile } from "./run.ts";
import { validateFiles } from "./validate.ts";

const usage = `dagbok run FILE [-p name=value]… [-e NAME=VALUE]… [--base FILE] [--json] [--sandbox] [--data DIR] [-- PARAMS…]
dagbok validate FILE… [--base FILE] [--json]
dagbok fmt --migrate FILE… [--write]
dagbok conformance DIR [--only TOPIC] [--browser]

run        runs the file once; its steps read and write the folder it lies in, and nothing outside of it
  -p         a parameter, as often as needed             -e         a host variable, over those of this shell
  --json     events and output as JSON, one a line       --base     base configuration under the file; else base.yaml beside it
  --data     keep the run's history in DIR               --sandbox  work on a copy of the folder, thrown away afterwards
  Ctrl C stops the run, its handlers still run; a second one ends the program (130).
  exit codes 0 succeeded, 1 failed, 2 bad usage or refused start, 3 aborted, 4 waits for approval, 5 rejected, 6 partially succeeded
validate   exit code 0 when every file loads, 2 otherwise
fmt        prints the text in today's words; --write puts it back into the file; exit code 1 when something was lost on the way`;

const fail = (message: string): number => {
  process.stderr.write(`${message}\n\n${usage}\n`);
  return 2;
};
const variable = (text: string): readonly [string, string] | undefined => {
  const found = /^([A-Za-z_]\w*)=(.*)$/s.exec(text);
  return found ? [found[1] as string, found[2] as string] : undefined;
};
const main = async (argv: readonly string[]): Promise<number> => {
  if (argv[0] === "conformance") return conformance(argv.slice(1));
  const end = argv.indexOf("--");
  const rest = end < 0 ? [] : argv.slice(end + 1);
  const { values, positionals } = parseArgs({
    args: [...(end < 0 ? argv : argv.slice(0, end))],
    options: {
      param: { type: "string", short: "p", multiple: true }, env: { type: "string", short: "e", multiple: true }, base: { type: "string" }, json: { type: "boolean" }, sandbox: { type: "boolean" },
      data: { type: "string" }, help: { type: "boolean", short: "h" }, migrate: { type: "boolean" }, write: { type: "boolean" },
    },
    allowPositionals: true,
  });
  const [command, ...files] = positionals;
  if (values.help === true || command === undefined) {
    process.stdout.write(`${usage}\n`);
    return command === undefined && values.help !== true ? 2 : 0;
  }
  const missing = [...files, ...(values.base === undefined ? [] : [values.base])].find((file) => !existsSync(file));
  if (missing !== undefined) return fail(`${missing}: no such file`);
  const json = values.json === true;
  if (command === "validate" && files.length > 0) return validateFiles(files, json, values.base);
  if (command === "fmt" && values.migrate === true && files.length > 0) return formatFiles(files, values.write === true);
  const [file] = files;
  if (command === "run" && file !== undefined && files.length === 1) {
    const args = [...(values.param ?? []), ...rest];
    const env = (values.env ?? []).map(variable);
    const bad = env.findIndex((entry) => entry === undefined);
    if (bad >= 0) return fail(`-e ${String(values.env?.[bad])}: write NAME=VALUE`);
    return runFile({
      file, args, json, sandbox: values.sandbox === true, env: Object.fromEntries(env as (readonly [string, string])[]),
      ...(values.data === undefined ? {} : { data: values.data }), ...(values.base === undefined ? {} : { base: values.base }),
    });
  }
  return fail(`cannot ${argv.join(" ")}`);
};

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = fail(error instanceof Error ? error.message : String(error));
}
