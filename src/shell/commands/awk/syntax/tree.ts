/** Owns the parsed form of awk programs. */

export type AwkExpr =
  | { readonly type: "number"; readonly value: number }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "regex"; readonly source: string }
  | { readonly type: "var"; readonly name: string }
  | { readonly type: "field"; readonly index: AwkExpr }
  | { readonly type: "element"; readonly name: string; readonly keys: readonly AwkExpr[] }
  | { readonly type: "in"; readonly keys: readonly AwkExpr[]; readonly name: string }
  | { readonly type: "assign"; readonly op: string; readonly target: AwkTarget; readonly value: AwkExpr }
  | { readonly type: "step"; readonly target: AwkTarget; readonly by: 1 | -1; readonly prefix: boolean }
  | { readonly type: "unary"; readonly op: "-" | "+" | "!"; readonly value: AwkExpr }
  | { readonly type: "binary"; readonly op: string; readonly left: AwkExpr; readonly right: AwkExpr }
  | { readonly type: "and" | "or"; readonly left: AwkExpr; readonly right: AwkExpr }
  | { readonly type: "choose"; readonly test: AwkExpr; readonly yes: AwkExpr; readonly no: AwkExpr }
  | { readonly type: "match"; readonly negated: boolean; readonly left: AwkExpr; readonly right: AwkExpr }
  | { readonly type: "call"; readonly name: string; readonly args: readonly AwkExpr[] }
  | { readonly type: "builtin"; readonly name: string; readonly args: readonly AwkExpr[] }
  | { readonly type: "getline"; readonly from: "main" | "file" | "command"; readonly source: AwkExpr | undefined; readonly target: AwkTarget | undefined }
  | { readonly type: "group"; readonly items: readonly AwkExpr[] };

export type AwkTarget = Extract<AwkExpr, { type: "var" | "field" | "element" }>;

export type AwkStatement =
  | { readonly type: "expr"; readonly value: AwkExpr }
  | { readonly type: "print" | "printf"; readonly args: readonly AwkExpr[]; readonly redirect: { readonly how: ">" | ">>" | "|"; readonly to: AwkExpr } | undefined }
  | { readonly type: "if"; readonly test: AwkExpr; readonly yes: AwkStatement; readonly no: AwkStatement | undefined }
  | { readonly type: "while" | "do"; readonly test: AwkExpr; readonly body: AwkStatement }
  | { readonly type: "for"; readonly start: AwkStatement | undefined; readonly test: AwkExpr | undefined; readonly step: AwkStatement | undefined; readonly body: AwkStatement }
  | { readonly type: "each"; readonly name: string; readonly array: string; readonly body: AwkStatement }
  | { readonly type: "block"; readonly body: readonly AwkStatement[] }
  | { readonly type: "next" | "nextfile" | "break" | "continue" }
  | { readonly type: "exit" | "return"; readonly value: AwkExpr | undefined }
  | { readonly type: "delete"; readonly name: string; readonly keys: readonly AwkExpr[] | undefined };

export interface AwkFunction {
  readonly name: string;
  readonly params: readonly string[];
  readonly body: AwkStatement;
}
export interface AwkRule {
  readonly pattern: AwkExpr | undefined;
  /** Second pattern of a range. */
  readonly until: AwkExpr | undefined;
  /** Without an action the record is printed. */
  readonly action: AwkStatement | undefined;
}
export interface AwkProgram {
  readonly begin: readonly AwkStatement[];
  readonly end: readonly AwkStatement[];
  readonly rules: readonly AwkRule[];
  readonly functions: ReadonlyMap<string, AwkFunction>;
}
