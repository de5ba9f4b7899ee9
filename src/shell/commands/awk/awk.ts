/** Owns the awk command (and mawk, nawk): its options and where the program comes from. */
import type { CommandEntry } from "../../contract.ts";
import { FileError } from "../../contract.ts";
import { defineCommand, Stop } from "../option/declare.ts";
import { readOperand } from "../stream/input.ts";
import { unescapeAwk } from "./syntax/lexer.ts";
import { createRandom } from "./format.ts";
import { parseAwk } from "./syntax/parse.ts";
import { fillRuntime, runProgram } from "./program.ts";

const defineAwk = (name: string): CommandEntry =>
  defineCommand(
    {
      name,
      en: "Find patterns in records and act on them.",
      zh: "按模式处理记录的语言。",
      synopsis: "[-F SEP] [-v VAR=VALUE] {PROGRAM | -f FILE} [FILE | VAR=VALUE]...",
      stopAtOperand: true,
      usageStatus: 2,
      options: [
        ["-F SEP", "fields are separated by SEP", "字段分隔符"],
        ["-f FILE", "read the program from FILE", "从 FILE 读取程序"],
        ["-v VAR=VALUE", "set a variable before the program starts", "预先设置变量"],
        ["-W OPTION", "ignored", "忽略"],
      ],
    },
    async (run) => {
      const { args } = run;
      const files = args.all("f");
      let operands = args.operands;
      let source: string;
      if (files.length > 0) source = (await Promise.all(files.map((file) => readOperand(run, file, 2)))).join("\n");
      else {
        const [first, ...rest] = operands;
        if (first === undefined) throw new Stop(2, `no program given`);
        source = first;
        operands = rest;
      }
      const program = parseAwk(source);
      const separator = args.last("F");
      try {
        return await runProgram(run, program, (runtime) => {
          if (separator !== undefined) runtime.global("FS").value = unescapeAwk(separator);
          fillRuntime(runtime, name, operands, args.all("v"));
          runtime.random = createRandom(runtime.seed);
        });
      } catch (error) {
        if (error instanceof FileError) throw new Stop(2, error.message);
        throw error;
      }
    },
  );

export const awk = defineAwk("awk");
export const mawk = defineAwk("mawk");
export const nawk = defineAwk("nawk");
