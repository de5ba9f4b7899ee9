/** Owns turning awk expressions into code. */
import type { Maybe } from "../../contract.ts";
import { Stop } from "../option/declare.ts";
import { callBuiltin } from "./builtin.ts";
import { bind, code, lift1, lift2, liftAll, type Code } from "./lift.ts";
import type { Frame, Runtime } from "./runtime.ts";
import type { AwkExpr, AwkTarget } from "./syntax/tree.ts";
import { AwkArray, compareValues, InputText, isPlainInteger, isTrue, numberOf, type Value } from "./value.ts";

/** What the compiler knows of functions while they are being compiled. */
export interface Scope {
  readonly runtime: Runtime;
  /** Names of the parameters of the function around. */
  readonly params: readonly string[];
  readonly functions: ReadonlyMap<string, CompiledFunction>;
  /** Reads the next main record into $0 or a variable: 1, 0 at the end. */
  readonly nextMain: () => Maybe<string | undefined>;
}
export interface CompiledFunction {
  readonly name: string;
  readonly params: readonly string[];
  /** Set once its body is compiled. */
  body: () => Maybe<Value>;
}

/** An array key: its text, and whether it is a whole number. */
type Key = readonly [text: string, isInt: boolean];

interface Place {
  readonly prepare: Code<unknown>;
  readonly get: (at: unknown) => Value;
  readonly set: (at: unknown, value: Value) => void;
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = { "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "/": (a, b) => a / b, "%": (a, b) => a % b, "^": (a, b) => a ** b };
const COMPARE: Readonly<Record<string, (order: number) => boolean>> = { "<": (o) => o < 0, "<=": (o) => o <= 0, "==": (o) => o === 0, "!=": (o) => o !== 0, ">": (o) => o > 0, ">=": (o) => o >= 0 };
const DEPTH_MAX = 2000;

export class ExpressionCompiler {
  protected readonly scope: Scope;
  protected readonly runtime: Runtime;

  constructor(scope: Scope) {
    this.scope = scope;
    this.runtime = scope.runtime;
  }

  /** The array a name means now: a global one, or what a parameter was given. */
  arrayOf(name: string): () => AwkArray {
    const { runtime } = this;
    const slot = this.scope.params.indexOf(name);
    if (slot < 0) {
      const array = runtime.array(name);
      return () => array;
    }
    return () => {
      const held = runtime.frame[slot];
      if (held instanceof AwkArray) return held;
      const made = new AwkArray();
      runtime.frame[slot] = made;
      return made;
    };
  }

  private keyOf(value: Value): Key {
    if (typeof value === "number") return isPlainInteger(value) ? [String(value === 0 ? 0 : value), true] : [this.runtime.textOf(value), false];
    return [this.runtime.textOf(value), false];
  }

  key(keys: readonly AwkExpr[]): Code<Key> {
    const [only] = keys;
    if (keys.length === 1 && only !== undefined) return lift1(this.compile(only), (value) => this.keyOf(value));
    const subsep = this.runtime.global("SUBSEP");
    return lift1(liftAll(keys.map((key) => this.compile(key))), (values): Key => [values.map(this.runtime.textOf).join(this.runtime.textOf(subsep.value)), false]);
  }

  protected place(target: AwkTarget): Place {
    const { runtime } = this;
    if (target.type === "field") return { prepare: lift1(this.compile(target.index), (value) => Math.trunc(numberOf(value))), get: (at) => runtime.getField(at as number), set: (at, value) => runtime.setField(at as number, value) };
    if (target.type === "element") {
      const array = this.arrayOf(target.name);
      const key = this.key(target.keys);
      return {
        prepare: key,
        get: (at) => array().get((at as Key)[0], (at as Key)[1]),
        set: (at, value) => array().set((at as Key)[0], (at as Key)[1], value),
      };
    }
    const slot = this.scope.params.indexOf(target.name);
    const none = code(() => undefined);
    if (slot >= 0) {
      return {
        prepare: none,
        get: () => runtime.frame[slot] as Value,
        set: (_, value) => void (runtime.frame[slot] = value),
      };
    }
    const cell = runtime.global(target.name);
    return { prepare: none, get: () => cell.value, set: (_, value) => void (cell.value = value) };
  }

  compile(expr: AwkExpr): Code {
    const { runtime } = this;
    switch (expr.type) {
      case "number":
      case "string": {
        const { value } = expr;
        return code(() => value);
      }
      case "regex": {
        const matcher = runtime.pattern(expr.source);
        return code(() => (matcher.test(runtime.recordText()) ? 1 : 0));
      }
      case "var":
      case "field":
      case "element": {
        const place = this.place(expr);
        return lift1(place.prepare, place.get);
      }
      case "in": {
        const array = this.arrayOf(expr.name);
        return lift1(this.key(expr.keys), ([text, isInt]) => (array().has(text, isInt) ? 1 : 0));
      }
      case "assign": return this.assign(expr.op, expr.target, expr.value);
      case "step": return this.step(expr.target, expr.by, expr.prefix);
      case "unary": {
        const { op } = expr;
        return lift1(this.compile(expr.value), (value) => (op === "!" ? (isTrue(value) ? 0 : 1) : op === "-" ? -numberOf(value) : numberOf(value)));
      }
      case "binary": return this.binary(expr.op, this.compile(expr.left), this.compile(expr.right));
      case "and":
      case "or": return this.logical(expr.type === "and", this.compile(expr.left), this.compile(expr.right));
      case "choose": {
        const [test, yes, no] = [this.compile(expr.test), this.compile(expr.yes), this.compile(expr.no)];
        return lift1(test, (value) => (isTrue(value) ? yes() : no()), yes.waits === true || no.waits === true);
      }
      case "match": return this.matching(expr.negated, expr.left, expr.right);
      case "call": return this.call(expr.name, expr.args);
      case "builtin": return callBuiltin(this, runtime, expr.name, expr.args);
      case "getline": return this.getline(expr);
      case "group": return expr.items.length === 1 ? this.compile(expr.items[0]!) : lift1(this.key(expr.items), ([text]) => text);
    }
  }

  private assign(op: string, target: AwkTarget, valueExpr: AwkExpr): Code {
    const place = this.place(target);
    const value = this.compile(valueExpr);
    if (op === "=") {
      return lift2(place.prepare, value, (at, result) => {
        place.set(at, result);
        return result;
      });
    }
    const compute = ARITHMETIC[op.charAt(0)]!;
    return lift2(place.prepare, value, (at, right) => {
      const result = compute(numberOf(place.get(at)), numberOf(right));
      place.set(at, result);
      return result;
    });
  }

  private step(target: AwkTarget, by: number, prefix: boolean): Code {
    const place = this.place(target);
    return lift1(place.prepare, (at) => {
      const before = numberOf(place.get(at));
      place.set(at, before + by);
      return prefix ? before + by : before;
    });
  }

  private binary(op: string, left: Code, right: Code): Code {
    const { textOf } = this.runtime;
    if (op === " ") return lift2(left, right, (a, b) => textOf(a) + textOf(b));
    const compute = ARITHMETIC[op];
    if (compute !== undefined) return lift2(left, right, (a, b) => compute(numberOf(a), numberOf(b)));
    const test = COMPARE[op]!;
    return lift2(left, right, (a, b) => (test(compareValues(a, b, textOf)) ? 1 : 0));
  }

  private logical(isAnd: boolean, left: Code, right: Code): Code {
    const truth = (value: Value): Value => (isTrue(value) ? 1 : 0);
    return lift1(left, (value) => (isTrue(value) === isAnd ? bind(right(), truth) : isAnd ? 0 : 1), right.waits === true);
  }

  /** A pattern to match with: fixed for a literal, else from the text of a value. */
  matcherOf(expr: AwkExpr): Code<ReturnType<Runtime["pattern"]>> {
    const { runtime } = this;
    if (expr.type === "regex") {
      const matcher = runtime.pattern(expr.source);
      return code(() => matcher);
    }
    return lift1(this.compile(expr), (value) => runtime.pattern(runtime.textOf(value)));
  }

  private matching(negated: boolean, left: AwkExpr, right: AwkExpr): Code {
    const { textOf } = this.runtime;
    return lift2(this.compile(left), this.matcherOf(right), (value, matcher) => (matcher.test(textOf(value)) === negated ? 0 : 1));
  }

  private call(name: string, args: readonly AwkExpr[]): Code {
    const { runtime, scope } = this;
    const target = scope.functions.get(name);
    if (target === undefined) throw new Stop(2, `line 1: function ${name} never defined`);
    if (args.length > target.params.length) throw new Stop(2, `line 1: too many arguments in call to ${name}`);
    const values = args.map((arg) => this.argument(arg));
    const pass = liftAll(values as unknown as Code[]) as unknown as Code<Frame>;
    return code(
      () =>
        bind(pass(), (given) => {
          if (++runtime.depth > DEPTH_MAX) throw new Stop(2, "run time error: function call nesting too deep");
          const outer = runtime.frame;
          runtime.frame = [...given, ...new Array<Value>(target.params.length - given.length).fill(undefined)];
          const inner = runtime.frame;
          return bind(target.body(), (result) => {
            runtime.depth--;
            runtime.frame = outer;
            this.giveBackArrays(args, inner);
            return result;
          });
        }),
      true,
    );
  }

  /** A bare name may be an array: one known as such is passed itself. */
  private argument(arg: AwkExpr): () => Maybe<Value | AwkArray> {
    const { runtime } = this;
    if (arg.type !== "var") return this.compile(arg);
    const slot = this.scope.params.indexOf(arg.name);
    if (slot >= 0) return () => runtime.frame[slot];
    const cell = runtime.global(arg.name);
    return () => (cell.value === undefined && arg.name !== "FILENAME" ? (runtime.arrays.get(arg.name) ?? undefined) : cell.value);
  }

  /** A name that was nothing before the call and became an array inside is that array from now on. */
  private giveBackArrays(args: readonly AwkExpr[], inner: Frame): void {
    args.forEach((arg, i) => {
      const held = inner[i];
      if (arg.type !== "var" || !(held instanceof AwkArray)) return;
      const slot = this.scope.params.indexOf(arg.name);
      if (slot >= 0) this.runtime.frame[slot] = held;
      else if (this.runtime.arrays.get(arg.name) !== held) this.runtime.arrays.set(arg.name, held);
    });
  }

  private getline(expr: AwkExpr & { type: "getline" }): Code {
    const { runtime, scope } = this;
    const place = expr.target === undefined ? undefined : this.place(expr.target);
    const at = place?.prepare ?? code(() => undefined);
    const [nr, fnr] = [runtime.global("NR"), runtime.global("FNR")];
    const store = (where: unknown, text: string): void => {
      if (place === undefined) runtime.setRecord(text);
      else place.set(where, new InputText(text));
    };
    const accept = (where: unknown, record: string | undefined | false, counts: "all" | "nr" | "none"): Value => {
      if (record === false) return -1;
      if (record === undefined) return 0;
      store(where, record);
      if (counts !== "none") nr.value = numberOf(nr.value) + 1;
      if (counts === "all") fnr.value = numberOf(fnr.value) + 1;
      return 1;
    };
    if (expr.from === "main") return lift2(at, code(() => scope.nextMain(), true), (where, record) => accept(where, record, "all"));
    const source = this.compile(expr.source!);
    const kind = expr.from;
    return code(() => bind(at(), (where) => bind(source(), (name) => runtime.streams.read(kind, runtime.textOf(name), runtime.rs).then((record) => accept(where, record, kind === "command" ? "nr" : "none")))), true);
  }

  /** A place that sub and gsub change; $0 when none is given. */
  targetOf(expr: AwkExpr | undefined): Place {
    if (expr !== undefined && (expr.type === "var" || expr.type === "field" || expr.type === "element")) return this.place(expr);
    if (expr === undefined) return this.place({ type: "field", index: { type: "number", value: 0 } });
    const value = this.compile(expr);
    return { prepare: value, get: (at) => at as Value, set: () => undefined };
  }
}
