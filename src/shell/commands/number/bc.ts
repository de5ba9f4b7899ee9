/** Owns bc as a command: files, then standard input, one machine for all; the machine comes when it is first called. */
import { defineCommand, Stop } from "../option/declare.ts";
import { readOperand } from "../stream/input.ts";

export const bc = defineCommand(
  { name: "bc", en: "Calculate with any precision.", zh: "任意精度计算器。", synopsis: "[OPTION]... [FILE]...", options: [["-l, --mathlib", "with the math library", "使用数学库"], ["-q, --quiet", "ignored", "忽略"], ["-s, --standard", "ignored", "忽略"], ["-w, --warn", "ignored", "忽略"], ["-i, --interactive", "ignored", "忽略"]] },
  async (run) => {
    const { Bc } = await import("./bc-machine.ts");
    const machine = new Bc(run, run.args.has("l"));
    for (const name of [...run.args.operands, "-"]) {
      try {
        if (!machine.execute(await readOperand(run, name))) break;
      } catch (error) {
        if (!(error instanceof Stop)) throw error;
        await run.out.flush();
        await run.proc.stderr.write(new TextEncoder().encode(`${error.message}\n`));
      }
    }
    return 0;
  },
);
