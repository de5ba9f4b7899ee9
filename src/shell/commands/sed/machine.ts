/**
 * Owns running a sed script: cycles, pattern and hold space, what is appended after a cycle.
 * Rules: 1. Waits only when a command must (n, N, r, e, the end of a batch). 2. A last line without its end is printed without one.
 */
import type { Maybe } from "../../contract.ts";
import { FileError, isPromise } from "../../contract.ts";
import type { Run } from "../option/declare.ts";
import { decode, isUtf8Locale, splitChars } from "../stream/bytes.ts";
import { eachChunk, readAll } from "../stream/input.ts";
import { createLineReader, type LineReader } from "../stream/lines.ts";
import type { Matcher } from "../regex/match.ts";
import { buildReplacement } from "./replacement.ts";
import type { Address, SedCommand, SedScript, Substitution } from "./script.ts";
import type { SedSource } from "./source.ts";
import { unambiguous } from "./show.ts";

/** Where lines go; keeps account of a missing end. */
export interface SedSink {
  readonly line: (text: string, terminated: boolean) => void;
  readonly raw: (text: string) => void;
}
export interface SedWorld {
  readonly run: Run;
  readonly source: SedSource;
  /** The current output: standard output, or the new text of a file (-i). */
  readonly out: () => SedSink;
  readonly file: (name: string) => SedSink;
  readonly quiet: boolean;
  readonly lineWidth: number;
  readonly delimiter: string;
}

type Flow = "next" | "cycle" | "restart" | "quit" | "quit-silent" | number;

interface State {
  pattern: string;
  hold: string;
  line: number;
  terminated: boolean;
  replaced: boolean;
  status: number;
  lastMatcher: Matcher | undefined;
  appended: { readonly kind: "text" | "file" | "line"; readonly text: string }[];
}

const MULTI_STEP = (line: number, first: number, step: number): boolean => (step <= 0 ? line === first : line >= first && (line - first) % step === 0);

export const createMachine = (script: SedScript, world: SedWorld): (() => Promise<number>) => {
  const { run, source } = world;
  const utf8 = isUtf8Locale(run.proc.env);
  const state: State = { pattern: "", hold: "", line: 0, terminated: true, replaced: false, status: 0, lastMatcher: undefined, appended: [] };
  const readers = new Map<string, LineReader | undefined>();
  let isLast = false;
  let fileSeen = 0;
  const separate = run.args.has("s") || run.args.has("i");

  const print = (): void => world.out().line(state.pattern, state.terminated);

  const matcherOf = (matcher: Matcher | undefined): Matcher | undefined => {
    if (matcher !== undefined) state.lastMatcher = matcher;
    return state.lastMatcher;
  };

  const hits = (address: Address): boolean => {
    switch (address.type) {
      case "line": return state.line === address.line;
      case "step": return MULTI_STEP(state.line, address.first, address.step);
      case "last": return isLast;
      case "match": return matcherOf(address.matcher)?.test(state.pattern) ?? false;
      default: return false;
    }
  };

  const closesAt = (to: Address): number | undefined => {
    if (to.type === "line") return to.line;
    if (to.type === "plus") return state.line + to.count;
    if (to.type === "multiple") return to.of <= 0 ? state.line : Math.ceil(state.line / to.of) * to.of;
    return undefined;
  };

  const inRange = (command: SedCommand, from: Address, to: Address): boolean => {
    if (!command.open) {
      const opensEarly = from.type === "zero" && state.line === 1 && command.until === 0;
      if (!opensEarly && !hits(from)) return false;
      command.until = closesAt(to) ?? 1;
      if (!opensEarly) {
        if (closesAt(to) !== undefined && command.until <= state.line) return true;
        if (to.type === "last" && isLast) return true;
        command.open = true;
        return true;
      }
      command.open = true;
    }
    if (to.type === "line" || to.type === "plus" || to.type === "multiple") {
      if (state.line >= command.until) command.open = false;
      return state.line <= command.until || hits(from);
    }
    if (hits(to)) command.open = false;
    return true;
  };

  const selects = (command: SedCommand): boolean => {
    if (command.from === undefined) return true;
    const selected = command.to === undefined ? hits(command.from) : inRange(command, command.from, command.to);
    return selected !== command.negated;
  };

  /** Puts out what a, r and R have queued. */
  const flushAppended = async (): Promise<void> => {
    const queue = state.appended;
    state.appended = [];
    for (const { kind, text } of queue) {
      if (kind === "text") world.out().raw(text);
      else if (kind === "line") world.out().line(text, true);
      else await appendFile(text);
    }
  };
  const appendFile = async (name: string): Promise<void> => {
    try {
      const file = name === "/dev/stdin" ? run.proc.stdin : await run.proc.open(name, "r");
      await eachChunk(run, file, (chunk) => world.out().raw(decode(chunk)));
      if (file !== run.proc.stdin) await run.proc.close(file);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  };

  /** Takes the next line into the pattern space (or after it); false when there is none. */
  const readLine = (append: boolean): Maybe<boolean> => {
    const line = source.take();
    if (line === undefined) return source.more().then((more) => (more ? readLine(append) : false));
    state.pattern = append ? `${state.pattern}${world.delimiter}${line}` : line;
    state.terminated = source.terminated();
    if (separate && source.fileCount() !== fileSeen) {
      fileSeen = source.fileCount();
      state.line = 0;
    }
    state.line++;
    if (!script.needsLast) return true;
    return source.isLast().then((last) => ((isLast = last), true));
  };

  const nextLine = async (append: boolean): Promise<Flow> => {
    if (!(await hasNext())) return append || !world.quiet ? "quit" : "quit-silent";
    if (!append && !world.quiet) print();
    await flushAppended();
    await readLine(append);
    return "next";
  };
  const hasNext = async (): Promise<boolean> => !(await source.isLast()) || (await peekNextFile());
  const peekNextFile = async (): Promise<boolean> => (separate ? source.more() : false);

  const substitute = (command: Substitution): Maybe<Flow> => {
    const matcher = matcherOf(command.matcher);
    if (matcher === undefined) return "next";
    const subject = state.pattern;
    let result = "";
    let copied = 0;
    let count = 0;
    for (let from = 0; from <= subject.length; ) {
      const match = matcher.exec(subject, from);
      if (match === undefined) break;
      const isEmptyAfterMatch = match.end === match.start && count > 0 && match.start === copied && from === copied && lastWasMatch(match.start, copied, count);
      if (!isEmptyAfterMatch) {
        count++;
        if (count >= command.nth) {
          result += subject.slice(copied, match.start) + buildReplacement(command.parts, match.groups);
          copied = match.end;
          state.replaced = true;
          if (!command.global) break;
        }
      }
      from = match.end > match.start ? match.end : match.end + charLength(subject, match.end);
      lastEnd = match.end;
    }
    lastEnd = -1;
    if (copied === 0 && result === "" && !(count >= command.nth)) return "next";
    if (count < command.nth) return "next";
    state.pattern = result + subject.slice(copied);
    if (command.evaluate) return evaluate(state.pattern).then((text) => ((state.pattern = text.replace(/\n$/, "")), finishSubstitution(command)));
    return finishSubstitution(command);
  };
  let lastEnd = -1;
  /** An empty match right where the match before ended does not count. */
  const lastWasMatch = (start: number, _copied: number, _count: number): boolean => start === lastEnd;
  const charLength = (text: string, at: number): number => (utf8 ? (splitChars(text.slice(at, at + 4))[0]?.length ?? 1) : 1);
  const finishSubstitution = (command: Substitution): Flow => {
    if (command.print) print();
    if (command.file !== undefined) world.file(command.file).line(state.pattern, true);
    return "next";
  };

  const evaluate = async (command: string): Promise<string> => {
    await run.out.flush();
    const [reader, writer] = run.proc.pipe();
    const child = run.proc.spawn(["sh", "-c", command], { fds: new Map([[1, writer]]) });
    await run.proc.close(writer);
    const output = await readAll(run, reader);
    await child.wait();
    return decode(output);
  };

  const readFileLine = async (name: string): Promise<Flow> => {
    if (!readers.has(name)) {
      try {
        readers.set(name, createLineReader(run.proc, name === "/dev/stdin" ? run.proc.stdin : await run.proc.open(name, "r"), world.delimiter));
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        readers.set(name, undefined);
      }
    }
    const reader = readers.get(name);
    if (reader === undefined) return "next";
    let line = reader.take();
    while (line === undefined && (await reader.fill())) line = reader.take();
    if (line !== undefined) state.appended.push({ kind: "line", text: line });
    return "next";
  };

  const change = (command: SedCommand): Flow => {
    if (command.to === undefined || command.negated || !command.open) world.out().raw(command.text);
    return "cycle";
  };

  /** What each command does, by its letter. */
  const handlersOf = (): Readonly<Record<string, (command: SedCommand) => Maybe<Flow>>> => ({
    "=": () => (world.out().raw(`${state.line}\n`), "next"),
    a: (command) => (state.appended.push({ kind: "text", text: command.text }), "next"),
    b: (command) => command.number,
    c: change,
    d: () => "cycle",
    D: () => {
      const newline = state.pattern.indexOf(world.delimiter);
      if (newline < 0) return "cycle";
      state.pattern = state.pattern.slice(newline + 1);
      return "restart";
    },
    e: async (command): Promise<Flow> => {
      if (command.text !== "") world.out().raw(await evaluate(command.text));
      else state.pattern = (await evaluate(state.pattern)).replace(/\n$/, "");
      return "next";
    },
    F: () => (world.out().raw(`${source.fileName()}\n`), "next"),
    g: () => ((state.pattern = state.hold), "next"),
    G: () => ((state.pattern += world.delimiter + state.hold), "next"),
    h: () => ((state.hold = state.pattern), "next"),
    H: () => ((state.hold += world.delimiter + state.pattern), "next"),
    i: (command) => (world.out().raw(command.text), "next"),
    l: (command) => (world.out().raw(unambiguous(state.pattern, command.number < 0 ? world.lineWidth : command.number, utf8)), "next"),
    n: () => nextLine(false),
    N: () => nextLine(true),
    p: () => (print(), "next"),
    P: () => {
      const newline = state.pattern.indexOf(world.delimiter);
      world.out().line(newline < 0 ? state.pattern : state.pattern.slice(0, newline), true);
      return "next";
    },
    q: (command) => ((state.status = Math.max(0, command.number)), "quit"),
    Q: (command) => ((state.status = Math.max(0, command.number)), "quit-silent"),
    r: (command) => (state.appended.push({ kind: "file", text: command.text }), "next"),
    R: (command) => readFileLine(command.text),
    s: (command) => substitute(command.substitution!),
    t: (command) => (state.replaced ? ((state.replaced = false), command.number) : "next"),
    T: (command) => (state.replaced ? ((state.replaced = false), "next") : command.number),
    w: (command) => (world.file(command.text).line(state.pattern, true), "next"),
    W: (command) => (world.file(command.text).line(state.pattern.split("\n", 1)[0]!, true), "next"),
    x: () => {
      [state.pattern, state.hold] = [state.hold, state.pattern];
      return "next";
    },
    y: (command) => {
      const chars = utf8 ? splitChars(state.pattern) : state.pattern.split("");
      state.pattern = chars.map((char) => command.map!.get(char) ?? char).join("");
      return "next";
    },
    z: () => ((state.pattern = ""), "next"),
  });
  const handlers = handlersOf();

  /** One pass over the script. */
  const cycle = async (): Promise<Flow> => {
    let steps = 0;
    for (let at = 0; at < script.commands.length; ) {
      const command = script.commands[at]!;
      if (!selects(command)) {
        at = command.name === "{" ? command.number : at + 1;
        continue;
      }
      at++;
      if (command.name === "{") continue;
      const answer = handlers[command.name]!(command);
      const flow = isPromise(answer) ? await answer : answer;
      if (typeof flow === "number") {
        at = flow;
        if (++steps % 1000 === 0) await run.proc.tick(10);
      } else if (flow !== "next") return flow;
    }
    return "next";
  };

  return async () => {
    let fresh = true;
    for (;;) {
      if (fresh) {
        const got = readLine(false);
        if (!(isPromise(got) ? await got : got)) break;
        state.replaced = false;
      }
      const flow = await cycle();
      if (flow === "quit-silent") break;
      if (flow !== "cycle" && flow !== "restart" && !world.quiet) print();
      if (state.appended.length > 0) await flushAppended();
      await run.out.drain();
      if (flow === "quit") break;
      fresh = flow !== "restart";
    }
    return state.status;
  };
};
