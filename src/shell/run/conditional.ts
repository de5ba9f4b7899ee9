/** Owns `[[ … ]]`: no splitting, patterns on the right, regular expressions with BASH_REMATCH. */
import { compareFiles, compareNumbers, fileComparisons, fileOperators, isSet, isTerminal, numberOperators, testFile } from "../builtins/condition/predicate.ts";
import { ArithmeticError } from "../expand/number/arithmetic.ts";
import { evaluateRaw } from "../expand/number/evaluate.ts";
import { compilePattern } from "../expand/pattern.ts";
import { matchRegex } from "../expand/regex.ts";
import { patternText, regexText, text } from "../expand/words.ts";
import { complain } from "../state/shell.ts";
import type { Shell } from "../state/shell.ts";
import { settle } from "../state/thread.ts";
import type { Task } from "../state/thread.ts";
import { flags } from "../state/variables.ts";
import type { TestExpr } from "../syntax/tree.ts";

/** Status 0, 1, or 2 when the expression itself is wrong. */
export function* testExpression(sh: Shell, expression: TestExpr): Task<number> {
  switch (expression.type) {
    case "not": {
      const status = yield* testExpression(sh, expression.operand);
      return status > 1 ? status : 1 - status;
    }
    case "logical": {
      let status = 0;
      for (const operand of expression.operands) {
        status = yield* testExpression(sh, operand);
        if (status > 1 || (status === 0) === (expression.operator === "||")) return status;
      }
      return status;
    }
    case "unary":
      return (yield* unary(sh, expression.operator, yield* text(sh, expression.operand))) ? 0 : 1;
    case "binary":
      return yield* binary(sh, expression);
  }
}
function* unary(sh: Shell, operator: string, operand: string): Task<boolean> {
  if (operator === "-z") return operand === "";
  if (operator === "-n") return operand !== "";
  if (operator === "-v") return isSet(sh, operand);
  if (operator === "-o") return sh.options.isOn(operand);
  if (operator === "-t") return isTerminal(sh, operand);
  if (operator === "-R") return ((sh.vars.find(operand)?.flags ?? 0) & flags.nameref) !== 0;
  return fileOperators.has(operator) ? yield* testFile(sh, operator, operand) : operand !== "";
}
function* binary(sh: Shell, { operator, left, right }: Extract<TestExpr, { type: "binary" }>): Task<number> {
  const a = yield* text(sh, left);
  if (operator === "==" || operator === "=" || operator === "!=") {
    const same =
      right.literal !== undefined && !sh.options.nocasematch
        ? right.literal === a
        : compilePattern(yield* patternText(sh, right), { extended: true, ignoreCase: sh.options.nocasematch }).matches(a);
    return same === (operator !== "!=") ? 0 : 1;
  }
  if (operator === "=~") return matchInto(sh, a, yield* regexText(sh, right));
  const b = yield* text(sh, right);
  if (operator === "<") return a < b ? 0 : 1;
  if (operator === ">") return a > b ? 0 : 1;
  if (numberOperators.has(operator)) {
    try {
      return compareNumbers(operator, evaluateRaw(sh, a), evaluateRaw(sh, b)) ? 0 : 1;
    } catch (error) {
      if (!(error instanceof ArithmeticError)) throw error;
      yield* settle(complain(sh, `[[: ${error.message}`));
      return 1;
    }
  }
  if (fileComparisons.has(operator)) return (yield* compareFiles(sh, operator, a, b)) ? 0 : 1;
  return 2;
}
const matchInto = (sh: Shell, value: string, pattern: string): number => {
  const found = matchRegex(value, pattern, sh.options.nocasematch);
  if (found === undefined) return 2;
  if (sh.vars.find("BASH_REMATCH") === undefined || found !== null) sh.vars.setList("BASH_REMATCH", found ?? []);
  else sh.vars.setList("BASH_REMATCH", []);
  return found === null ? 1 : 0;
};
