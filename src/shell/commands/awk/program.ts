/** Owns running a compiled program over its input: BEGIN, the records of all operands, END. */
import type { Maybe, OpenFile } from "../../contract.ts";
import { FileError, isPromise } from "../../contract.ts";
import { Stop, type Run } from "../option/declare.ts";
import { isTrue, InputText, numberOf, type Value } from "./value.ts";
import type { CompiledFunction } from "./compile.ts";
import { unescapeAwk } from "./syntax/lexer.ts";
import { bind } from "./lift.ts";
import { Runtime } from "./runtime.ts";
import { StatementCompiler, type Ending, type StatementCode } from "./statement.ts";
import { createRecordReader, type RecordReader } from "./stream.ts";
import type { AwkProgram, AwkRule } from "./syntax/tree.ts";

const ASSIGNMENT = /^([A-Za-z_]\w*)=([^]*)$/;

/** The operands of ARGV as one stream of records; assignments take effect when they are reached. */
class MainInput {
  private index = 1;
  private anyFile = false;
  private reader: RecordReader | undefined;
  private file: OpenFile | undefined;
  status = 0;
  private readonly runtime: Runtime;

  constructor(runtime: Runtime) {
    this.runtime = runtime;
  }

  private async open(name: string): Promise<boolean> {
    const { run } = this.runtime;
    try {
      this.file = name === "-" || name === "/dev/stdin" ? run.proc.stdin : await run.proc.open(name, "r");
      if (this.file.kind === "directory") throw new FileError("EISDIR", name, "Is a directory");
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await run.out.flush();
      await run.warn(`cannot open ${name} (${error.message})`);
      this.status = 2;
      return false;
    }
    this.reader = createRecordReader(run, this.file, () => run.out.flush());
    this.runtime.global("FILENAME").value = name === "-" ? "" : name;
    this.runtime.global("FNR").value = 0;
    this.anyFile = true;
    return true;
  }

  private async advance(): Promise<boolean> {
    const { runtime } = this;
    for (;;) {
      const count = numberOf(runtime.global("ARGC").value);
      if (this.index >= count) {
        if (this.anyFile) return false;
        this.anyFile = true;
        return this.open("-");
      }
      const key = String(this.index++);
      const argv = runtime.array("ARGV");
      const word = argv.has(key, true) ? runtime.textOf(argv.get(key, true)) : "";
      if (word === "") continue;
      const assignment = ASSIGNMENT.exec(word);
      if (assignment !== null) {
        runtime.global(assignment[1]!).value = new InputText(unescapeAwk(assignment[2]!));
        continue;
      }
      if (await this.open(word)) return true;
      this.anyFile = true;
    }
  }

  skipFile(): void {
    this.reader = undefined;
  }

  next(): Maybe<string | undefined> {
    if (this.reader === undefined) return this.advance().then((more) => (more ? this.next() : undefined));
    return bind(this.reader.next(this.runtime.rs), (record) => {
      if (record !== undefined) return record;
      this.reader = undefined;
      return this.next();
    });
  }

  close(): void {
    this.reader?.giveBack();
  }
}

interface CompiledRule {
  readonly test: ((() => Maybe<Value>) | undefined);
  readonly until: (() => Maybe<Value>) | undefined;
  readonly action: StatementCode;
  open: boolean;
}

export const runProgram = async (run: Run, program: AwkProgram, setup: (runtime: Runtime) => void): Promise<number> => {
  const runtime = new Runtime(run);
  setup(runtime);
  const input = new MainInput(runtime);
  const functions = new Map<string, CompiledFunction>();
  for (const [name, { params }] of program.functions) functions.set(name, { name, params, body: () => undefined });
  const scope = { runtime, functions, nextMain: () => input.next() };
  const main = new StatementCompiler({ ...scope, params: [] });
  for (const [name, { params, body }] of program.functions) {
    const compiler = new StatementCompiler({ ...scope, params });
    const body_ = compiler.statement(body);
    functions.get(name)!.body = () => {
      compiler.returned = undefined;
      return bind(body_(), (ending) => {
        if (ending === "exit" || ending === "next" || ending === "nextfile") throw new Leave(ending, compiler.exitStatus);
        const result = compiler.returned;
        compiler.returned = undefined;
        return result;
      });
    };
  }
  const compileRule = (rule: AwkRule): CompiledRule => ({
    test: rule.pattern === undefined ? undefined : main.compile(rule.pattern),
    until: rule.until === undefined ? undefined : main.compile(rule.until),
    action: main.statement(rule.action ?? { type: "print", args: [], redirect: undefined }),
    open: false,
  });
  const begin = program.begin.map((one) => main.statement(one));
  const rules = program.rules.map(compileRule);
  const end = program.end.map((one) => main.statement(one));
  const ending = await runAll(begin, main);
  let last = ending;
  if (last !== "exit" && (rules.length > 0 || end.length > 0)) last = await runRecords(runtime, input, rules, main);
  if (end.length > 0) await runAll(end, main);
  input.close();
  await runtime.streams.closeAll();
  return main.exitStatus ?? input.status;
};

/** `exit`, `next` inside a function: leaves everything up to the rule. */
class Leave extends Error {
  override readonly name = "Leave";
  readonly ending: Ending;
  readonly status: number | undefined;
  constructor(ending: Ending, status: number | undefined) {
    super(ending);
    this.ending = ending;
    this.status = status;
  }
}

const left = (error: unknown, main: StatementCompiler): Ending => {
  if (!(error instanceof Leave)) throw error;
  if (error.status !== undefined) main.exitStatus = error.status;
  return error.ending;
};

const runAll = async (codes: readonly StatementCode[], main: StatementCompiler): Promise<Ending> => {
  for (const one of codes) {
    try {
      const ending = await one();
      if (ending === "exit") return ending;
    } catch (error) {
      if (left(error, main) === "exit") return "exit";
    }
  }
  return "done";
};

const runRecords = async (runtime: Runtime, input: MainInput, rules: readonly CompiledRule[], main: StatementCompiler): Promise<Ending> => {
  const [nr, fnr] = [runtime.global("NR"), runtime.global("FNR")];
  const selects = (rule: CompiledRule): Maybe<boolean> => {
    if (rule.test === undefined) return true;
    if (rule.until === undefined) return bind(rule.test(), isTrue);
    const close = (): Maybe<boolean> =>
      bind(rule.until!(), (value) => {
        rule.open = !isTrue(value);
        return true;
      });
    return rule.open ? close() : bind(rule.test(), (value) => (isTrue(value) ? close() : false));
  };
  const apply = (start: number): Maybe<Ending> => {
    for (let i = start; i < rules.length; i++) {
      const rule = rules[i]!;
      const ending = bind(selects(rule), (selected): Maybe<Ending> => (selected ? rule.action() : "done"));
      if (isPromise(ending)) return ending.then((settled) => (settled === "done" ? apply(i + 1) : settled));
      if (ending !== "done") return ending;
    }
    return "done";
  };
  for (;;) {
    const next = input.next();
    const record = isPromise(next) ? await next : next;
    if (record === undefined) return "done";
    nr.value = numberOf(nr.value) + 1;
    fnr.value = numberOf(fnr.value) + 1;
    runtime.setRecord(record);
    let ending: Ending;
    try {
      const applied = apply(0);
      ending = isPromise(applied) ? await applied : applied;
    } catch (error) {
      ending = left(error, main);
    }
    if (ending === "exit") return ending;
    if (ending === "nextfile") input.skipFile();
    const drained = runtime.run.out.drain();
    if (isPromise(drained)) await drained;
  }
};

/** Fills ARGV, ENVIRON and the variables of -v. */
export const fillRuntime = (runtime: Runtime, name: string, operands: readonly string[], assignments: readonly string[]): void => {
  const argv = runtime.array("ARGV");
  [name, ...operands].forEach((word, i) => argv.set(String(i), true, new InputText(word)));
  runtime.global("ARGC").value = operands.length + 1;
  const environ = runtime.array("ENVIRON");
  for (const [key, value] of runtime.run.proc.env) environ.set(key, false, new InputText(value));
  runtime.seed = Math.floor(runtime.run.proc.now() / 1000);
  for (const assignment of assignments) {
    const match = ASSIGNMENT.exec(assignment);
    if (match === null) throw new Stop(2, `improper assignment: -v ${assignment}`);
    runtime.global(match[1]!).value = new InputText(unescapeAwk(match[2]!));
  }
};
