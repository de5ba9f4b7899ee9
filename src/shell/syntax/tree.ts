/**
 * Owns the tree the interpreter walks: our own, so that only this room knows the parser. Texts are byte strings.
 * Refuses to know how any of it runs.
 */

export type Dialect = "bash" | "sh";

export interface Word {
  /** Source text as written. */
  readonly text: string;
  readonly parts: readonly Part[];
  /** The one field this word always gives, when nothing in it needs expanding. */
  readonly literal: string | undefined;
  /** True when expanding it can neither wait nor run commands. */
  readonly simple: boolean;
}

export type Part = TextPart | ParamPart | CommandPart | ArithmeticPart | ProcessPart | TildePart;
export interface TextPart {
  readonly type: "text";
  readonly text: string;
  readonly quoted: boolean;
}
export interface TildePart {
  readonly type: "tilde";
  /** What stands after the tilde: "", "+", "-" or a user name. */
  readonly user: string;
}
export interface CommandPart {
  readonly type: "command";
  readonly quoted: boolean;
  /** Parsed when first asked for. */
  readonly body: () => Program;
}
export interface ArithmeticPart {
  readonly type: "arithmetic";
  readonly quoted: boolean;
  readonly expression: Word;
}
export interface ProcessPart {
  readonly type: "process";
  /** True for `>(…)`: the command outside writes, the one inside reads. */
  readonly write: boolean;
  readonly body: () => Program;
}
export interface ParamPart {
  readonly type: "param";
  readonly quoted: boolean;
  readonly name: string;
  readonly index: Subscript | undefined;
  /** `${!name…}`: the value names the parameter that is meant. */
  readonly indirect: boolean;
  readonly op: ParamOp | undefined;
  readonly text: string;
}
export interface Subscript {
  /** "@" and "*" mean all elements; "word" is an index or a key. */
  readonly kind: "@" | "*" | "word";
  readonly word: Word;
}
export type ParamOp =
  | { readonly type: "length" }
  | { readonly type: "keys"; readonly star: boolean }
  | { readonly type: "names"; readonly star: boolean }
  | { readonly type: "default"; readonly colon: boolean; readonly action: "-" | "=" | "?" | "+"; readonly word: Word }
  | { readonly type: "trim"; readonly side: "#" | "%"; readonly longest: boolean; readonly pattern: Word }
  | {
      readonly type: "replace";
      readonly mode: "one" | "all" | "start" | "end";
      readonly pattern: Word;
      readonly replacement: Word | undefined;
    }
  | { readonly type: "slice"; readonly offset: Word; readonly length: Word | undefined }
  | { readonly type: "case"; readonly how: "^" | "^^" | "," | ",," | "~" | "~~"; readonly pattern: Word | undefined }
  | { readonly type: "transform"; readonly how: string }
  | { readonly type: "bad" };

export interface Assign {
  readonly name: string;
  readonly append: boolean;
  readonly index: Word | undefined;
  readonly value: Word | undefined;
  /** Elements of `name=( … )`, already brace-expanded. */
  readonly elements: readonly ArrayElement[] | undefined;
  readonly text: string;
}
export interface ArrayElement {
  readonly index: Word | undefined;
  readonly append: boolean;
  readonly value: Word;
}

export interface Redirect {
  readonly operator: ">" | ">>" | "<" | "<>" | "<&" | ">&" | ">|" | "&>" | "&>>" | "<<<" | "<<";
  /** Descriptor number, or the variable that shall hold it. */
  readonly fd: number | undefined;
  readonly fdVariable: string | undefined;
  /** Target; for here-documents the body. */
  readonly target: Word;
}

export type Argument = Word | Assign;
export interface SimpleNode {
  readonly type: "simple";
  readonly line: number;
  readonly assigns: readonly Assign[];
  readonly words: readonly Argument[];
  readonly redirects: readonly Redirect[];
  readonly text: string;
}
export interface PipelineNode {
  readonly type: "pipeline";
  readonly line: number;
  readonly negate: boolean;
  readonly time: "bash" | "posix" | undefined;
  readonly stages: readonly Node[];
  /** For each stage but the last: whether stderr goes along (`|&`). */
  readonly merge: readonly boolean[];
}
export interface AndOrNode {
  readonly type: "and-or";
  readonly line: number;
  readonly commands: readonly Node[];
  readonly operators: readonly ("&&" | "||")[];
}
export interface FunctionNode {
  readonly type: "function";
  readonly line: number;
  readonly name: string;
  readonly body: Node;
  /** Source of the body, as a child shell may parse it again. */
  readonly text: string;
}
export interface CaseItem {
  readonly patterns: readonly Word[];
  readonly body: List;
  readonly next: ";;" | ";&" | ";;&";
}
export type TestExpr =
  | { readonly type: "unary"; readonly operator: string; readonly operand: Word }
  | { readonly type: "binary"; readonly operator: string; readonly left: Word; readonly right: Word }
  | { readonly type: "logical"; readonly operator: "&&" | "||"; readonly operands: readonly TestExpr[] }
  | { readonly type: "not"; readonly operand: TestExpr };

export type Node =
  | SimpleNode
  | PipelineNode
  | AndOrNode
  | FunctionNode
  | {
      readonly type: "if";
      readonly line: number;
      readonly branches: readonly { readonly test: List; readonly body: List }[];
      readonly otherwise: List | undefined;
    }
  | { readonly type: "for"; readonly line: number; readonly text: string; readonly name: string; readonly words: readonly Word[] | undefined; readonly body: List }
  | { readonly type: "select"; readonly line: number; readonly text: string; readonly name: string; readonly words: readonly Word[] | undefined; readonly body: List }
  | {
      readonly type: "arith-for";
      readonly line: number;
      readonly init: Word | undefined;
      readonly test: Word | undefined;
      readonly update: Word | undefined;
      readonly body: List;
    }
  | { readonly type: "while"; readonly line: number; readonly until: boolean; readonly test: List; readonly body: List }
  | { readonly type: "case"; readonly line: number; readonly text: string; readonly word: Word; readonly items: readonly CaseItem[] }
  | { readonly type: "subshell"; readonly line: number; readonly body: List }
  | { readonly type: "group"; readonly line: number; readonly body: List }
  | { readonly type: "arith"; readonly line: number; readonly expression: Word; readonly text: string }
  | { readonly type: "test"; readonly line: number; readonly expression: TestExpr; readonly text: string }
  | { readonly type: "redirected"; readonly line: number; readonly command: Node; readonly redirects: readonly Redirect[] }
  | { readonly type: "coproc"; readonly line: number; readonly name: string; readonly body: Node };

export interface Statement {
  readonly command: Node;
  readonly background: boolean;
  readonly line: number;
  /** Source text, for `jobs` and messages. */
  readonly text: string;
}
export type List = readonly Statement[];

/** A parsed text: its statements by line, and where it went wrong. Lines before the fault run. */
export interface Program {
  readonly groups: readonly List[];
  /** Where each group starts and ends in the text. */
  readonly ranges: readonly (readonly [start: number, end: number])[];
  readonly error: SyntaxFault | undefined;
  /** For each group, the line of a pattern that needs `extglob` to be read. */
  readonly extglobLines: readonly (number | undefined)[];
}
export interface SyntaxFault {
  readonly message: string;
  readonly line: number;
}
