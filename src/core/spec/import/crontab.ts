/**
 * Owns the way from a crontab to DAGs: one DAG per line that runs something, with the variables set above it.
 * Cron's own habits that have no place in Dagu are named in notes.
 */
import { parseCron } from "../../schedule/cron.ts";
import type { JsonObject } from "../../value/json.ts";
import { dagNameOf, dagText, type Imported, type ImportNote } from "./document.ts";

const linesMax = 1000;
const words: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
};
type Say = (code: string, message: string, values?: Readonly<Record<string, string>>) => void;
interface Around {
  readonly env: Map<string, string>;
  zone: string;
  shell: string;
}

export const importCrontab = (text: string): { readonly dags: readonly Imported[]; readonly notes: readonly ImportNote[] } => {
  const around: Around = { env: new Map(), zone: "", shell: "" };
  const dags: Imported[] = [];
  const notes: ImportNote[] = [];
  const names = new Set<string>();
  for (const [index, raw] of text.split(/\r?\n/).slice(0, linesMax).entries()) {
    const line = raw.trim(), number = index + 1;
    if (line === "" || line.startsWith("#")) continue;
    const assignment = /^([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line);
    if (assignment !== null) assign(around, assignment[1]!, assignment[2]!.replace(/^(["'])(.*)\1$/, "$2"), { number, notes });
    else {
      const dag = dagOf(line, number, around, names);
      if ("message" in dag) notes.push(dag);
      else dags.push(dag);
    }
  }
  return { dags, notes };
};
const assign = (around: Around, name: string, value: string, at: { readonly number: number; readonly notes: ImportNote[] }): void => {
  if (name === "CRON_TZ" || name === "TZ") around.zone = value;
  else if (name === "SHELL") around.shell = value;
  else if (name === "MAILTO") at.notes.push({ code: "mail", line: at.number, message: "MAILTO has no counterpart here: cron mails a job's output, a run keeps it in its log" });
  else around.env.set(name, value);
};
const dagOf = (line: string, number: number, around: Around, names: Set<string>): Imported | ImportNote => {
  const notes: ImportNote[] = [];
  const note: Say = (code, message, values = {}) => void notes.push({ code, line: number, message, values });
  const named = /^(@\w+)\s+(.+)$/.exec(line), fields = /^((?:\S+\s+){5})(.+)$/.exec(line);
  const expression = named !== null ? words[named[1]!.toLowerCase()] : fields?.[1]?.trim().replace(/\s+/g, " ");
  const written = named?.[2] ?? fields?.[2];
  const command = written?.replace(/^root\s+/, "");
  if (command === undefined) return { code: "no-job", line: number, message: "this line is neither a variable nor a job" };
  const schedule = expression === undefined ? undefined : checkedExpression(expression, note);
  if (named !== null && expression === undefined) note("no-schedule", `${named[1]!} has no counterpart: start it by hand or give it a schedule`, { word: named[1]! });
  if (command !== written) note("user", "cron ran this as root; here it runs in the tab");
  const work = commandOf(command, note);
  const zone = around.zone === "" ? "" : `CRON_TZ=${around.zone} `;
  const name = freeName(dagNameOf(firstWord(work), "job"), names);
  const env = [...around.env].map(([key, value]) => ({ [key]: value }));
  if (around.shell !== "") note("shell", `cron ran this with ${around.shell}; the step says so`, { shell: around.shell });
  const step = { name: "run", ...(around.shell === "" ? {} : { shell: around.shell }), command: work };
  const text = dagText({ name, schedule: schedule === undefined ? undefined : zone + schedule, env: env.length === 0 ? undefined : env, steps: [step as JsonObject] }, `Imported from a crontab:\n${line}`);
  return { name, text, notes };
};
const checkedExpression = (expression: string, note: Say): string | undefined => {
  const sunday = expression.replace(/(\S+)$/, (days) => days.replace(/(^|,)7(?=$|,)/g, "$10"));
  if (sunday !== expression) note("sunday", "Sunday is 0 in Dagu, not 7");
  const cron = parseCron(sunday);
  if (cron.ok) return sunday;
  note("schedule", `Dagu does not read this schedule: ${cron.error.message}`, { reason: cron.error.message });
  return undefined;
};
/** An unescaped `%` is a newline in cron, and what follows the first is standard input. */
const commandOf = (command: string, note: Say): string => {
  const cut = /(?<!\\)%/.exec(command);
  const plain = (text: string): string => text.replaceAll("\\%", "%");
  if (cut === null) return plain(command);
  note("percent", "text after % was standard input of the command; it is piped in now");
  const input = plain(command.slice(cut.index + 1).replace(/(?<!\\)%/g, "\n"));
  return `printf '%s\\n' '${input.replaceAll("'", "'\\''")}' | ${plain(command.slice(0, cut.index)).trim()}`;
};
const firstWord = (command: string): string => (command.split(/[\s|;&]+/)[0] ?? "").split("/").at(-1)!.replace(/\.(sh|py|js)$/, "");
const freeName = (wanted: string, names: Set<string>): string => {
  let name = wanted;
  for (let n = 2; names.has(name); n += 1) name = `${wanted.slice(0, 36)}-${n}`;
  names.add(name);
  return name;
};
