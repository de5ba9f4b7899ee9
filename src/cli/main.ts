/** The root of the command line: `npx dagbok run|validate`. */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { conformance } from "./conformance/command.ts";
import { formatFiles } from "./fmt.ts";
import { runFile } from "./run.ts";
import { validateFiles } from "./validate.ts";

const usage = `dagbok run FILE [-p name=value]… [--json] [--sandbox] [--data DIR] [-- PARAMS…]
dagbok validate FILE… [--json]
dagbok fmt --migrate FILE… [--write]
dagbok conformance DIR [--only TOPIC] [--browser]

run        exit code 0 only when the run succeeded; 1 failed, 2 refused, 3 aborted, 4 waits for approval, 5 rejected, 6 partially succeeded
  --json     events and output as JSON, one a line       --sandbox  work on a copy of the spec's folder
  --data     keep the run's history in DIR               -p         a parameter, as often as needed
validate   exit code 0 when every file loads, 2 otherwise
fmt        prints the text in today's words; --write puts it back into the file; exit code 1 when something was lost on the way`;

const fail = (message: string): number => {
  process.stderr.write(`${message}\n\n${usage}\n`);
  return 2;
};
const main = async (argv: readonly string[]): Promise<number> => {
  if (argv[0] === "conformance") return conformance(argv.slice(1));
  const end = argv.indexOf("--");
  const rest = end < 0 ? [] : argv.slice(end + 1);
  const { values, positionals } = parseArgs({
    args: [...(end < 0 ? argv : argv.slice(0, end))],
    options: {
      param: { type: "string", short: "p", multiple: true }, json: { type: "boolean" }, sandbox: { type: "boolean" },
      data: { type: "string" }, help: { type: "boolean", short: "h" }, migrate: { type: "boolean" }, write: { type: "boolean" },
    },
    allowPositionals: true,
  });
  const [command, ...files] = positionals;
  if (values.help === true || command === undefined) {
    process.stdout.write(`${usage}\n`);
    return command === undefined && values.help !== true ? 2 : 0;
  }
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) return fail(`${missing}: no such file`);
  const json = values.json === true;
  if (command === "validate" && files.length > 0) return validateFiles(files, json);
  if (command === "fmt" && values.migrate === true && files.length > 0) return formatFiles(files, values.write === true);
  const [file] = files;
  if (command === "run" && file !== undefined && files.length === 1) {
    const args = [...(values.param ?? []), ...rest];
    return runFile({ file, args, json, sandbox: values.sandbox === true, ...(values.data === undefined ? {} : { data: values.data }) });
  }
  return fail(`cannot ${argv.join(" ")}`);
};

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = fail(error instanceof Error ? error.message : String(error));
}
