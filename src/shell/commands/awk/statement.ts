/** Owns turning awk statements into code. A statement answers how it ended. */
import type { Maybe } from "../../contract.ts";
import { isPromise } from "../../contract.ts";
import { ExpressionCompiler } from "./compile.ts";
import { formatAwk, numberText } from "./format.ts";
import { bind, liftAll, type Code } from "./lift.ts";
import type { AwkStatement } from "./syntax/tree.ts";
import { isTrue, numberOf, type Value } from "./value.ts";

export type Ending = "done" | "break" | "continue" | "next" | "nextfile" | "exit" | "return";
export type StatementCode = () => Maybe<Ending>;

/** Rounds of a loop between two looks at the budget. */
const ROUNDS = 256;

export class StatementCompiler extends ExpressionCompiler {
  returned: Value;
  exitStatus: number | undefined;

  statement(node: AwkStatement): StatementCode {
    switch (node.type) {
      case "expr": {
        const value = this.compile(node.value);
        if (value.waits !== true) return () => (value(), "done");
        return () => bind(value(), (): Ending => "done");
      }
      case "print":
      case "printf": return this.print(node);
      case "if": {
        const [test, yes, no] = [this.compile(node.test), this.statement(node.yes), node.no === undefined ? undefined : this.statement(node.no)];
        return () => bind(test(), (value) => (isTrue(value) ? yes() : (no?.() ?? "done")));
      }
      case "while": return this.loop(this.compile(node.test), this.statement(node.body), undefined, true);
      case "do": return this.loop(this.compile(node.test), this.statement(node.body), undefined, false);
      case "for": {
        const start = node.start === undefined ? undefined : this.statement(node.start);
        const loop = this.loop(node.test === undefined ? undefined : this.compile(node.test), this.statement(node.body), node.step === undefined ? undefined : this.statement(node.step), true);
        return start === undefined ? loop : () => bind(start(), loop);
      }
      case "each": return this.each(node.name, node.array, this.statement(node.body));
      case "block": return this.block(node.body.map((one) => this.statement(one)));
      case "next":
      case "nextfile":
      case "break":
      case "continue": {
        const ending = node.type;
        return () => ending;
      }
      case "exit": {
        const value = node.value === undefined ? undefined : this.compile(node.value);
        return () => bind(value?.(), (result): Ending => {
          if (value !== undefined) this.exitStatus = numberOf(result) & 255;
          return "exit";
        });
      }
      case "return": {
        const value = node.value === undefined ? undefined : this.compile(node.value);
        return () => bind(value?.(), (result): Ending => ((this.returned = result), "return"));
      }
      case "delete": {
        const array = this.arrayOf(node.name);
        if (node.keys === undefined) return () => (array().clear(), "done");
        const key = this.key(node.keys);
        return () => bind(key(), ([text]): Ending => (array().delete(text), "done"));
      }
    }
  }

  private block(body: readonly StatementCode[]): StatementCode {
    const from = (start: number): Maybe<Ending> => {
      for (let i = start; i < body.length; i++) {
        const ending = body[i]!();
        if (isPromise(ending)) return ending.then((settled) => (settled === "done" ? from(i + 1) : settled));
        if (ending !== "done") return ending;
      }
      return "done";
    };
    return body.length === 1 ? body[0]! : () => from(0);
  }

  private loop(test: Code | undefined, body: StatementCode, step: StatementCode | undefined, testFirst: boolean): StatementCode {
    const { proc } = this.runtime.run;
    const later = async (first: Promise<unknown>, at: "test" | "body" | "step"): Promise<Ending> => {
      let value = await first;
      let phase = at;
      for (;;) {
        if (phase === "test") {
          if (test !== undefined && !isTrue(value as Value)) return "done";
          value = await body();
          phase = "body";
        } else if (phase === "body") {
          if (value === "break") return "done";
          if (value !== "done" && value !== "continue") return value as Ending;
          await proc.tick(1);
          value = await step?.();
          phase = "step";
        } else {
          value = await test?.();
          phase = "test";
        }
      }
    };
    return () => {
      for (let round = 1; ; round++) {
        if (test !== undefined && (testFirst || round > 1)) {
          const value = test();
          if (isPromise(value)) return later(value, "test");
          if (!isTrue(value)) return "done";
        }
        const ending = body();
        if (isPromise(ending)) return later(ending, "body");
        if (ending === "break") return "done";
        if (ending !== "done" && ending !== "continue") return ending;
        if (round % ROUNDS === 0) {
          const ticked = proc.tick(ROUNDS);
          if (isPromise(ticked)) return later(ticked.then(() => "done"), "body");
        }
        const stepped = step?.();
        if (isPromise(stepped)) return later(stepped, "step");
      }
    };
  }

  private each(name: string, arrayName: string, body: StatementCode): StatementCode {
    const array = this.arrayOf(arrayName);
    const place = this.place({ type: "var", name });
    return () => {
      const keys = array().keys();
      const from = (start: number): Maybe<Ending> => {
        for (let i = start; i < keys.length; i++) {
          place.set(undefined, keys[i]);
          const ending = body();
          if (isPromise(ending)) return ending.then((settled) => (settled === "break" ? "done" : settled === "done" || settled === "continue" ? from(i + 1) : settled));
          if (ending === "break") return "done";
          if (ending !== "done" && ending !== "continue") return ending;
        }
        return "done";
      };
      return from(0);
    };
  }

  private print(node: AwkStatement & { type: "print" | "printf" }): StatementCode {
    const { runtime } = this;
    const { out } = runtime.run;
    const args = liftAll(node.args.map((arg) => this.compile(arg)));
    const [ofs, ors, ofmt] = [runtime.global("OFS"), runtime.global("ORS"), runtime.global("OFMT")];
    const shown = (value: Value): string => (typeof value === "number" ? numberText(value, ofmt.value as string) : runtime.textOf(value));
    const build = (values: readonly Value[]): string => {
      if (node.type === "printf") return formatAwk(runtime.textOf(values[0]), values.slice(1), runtime.textOf, "printf");
      const text = values.length === 0 ? runtime.recordText() : values.length === 1 ? shown(values[0]) : values.map(shown).join(runtime.textOf(ofs.value));
      return text + runtime.textOf(ors.value);
    };
    const drained = (): Maybe<Ending> => bind(out.drain(), (): Ending => "done");
    if (node.redirect === undefined) {
      return () =>
        bind(args(), (values) => {
          out.text(build(values));
          return drained();
        });
    }
    const { how } = node.redirect;
    const to = this.compile(node.redirect.to);
    return () => bind(args(), (values) => bind(to(), (name) => bind(runtime.streams.write(how, runtime.textOf(name), build(values)), (): Ending => "done")));
  }
}
