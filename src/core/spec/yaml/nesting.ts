/**
 * Owns the look at a text before any parser that recurses may see it: size, binary content, depth of nesting.
 * One pass of the lexer, no tree, constant memory beside the stack of indents.
 */
import { Lexer } from "yaml";

/** Bytes of UTF-8, counted as characters at worst. */
export const textMax = 1_048_576;
export const depthMax = 64;
/** Keys, values and signs. Ten thousand steps with five fields each have half of it. */
export const tokensMax = 400_000;

export interface NestingFault {
  readonly code: "text-too-long" | "text-binary" | "too-deep" | "too-many-tokens";
  readonly at: number;
  readonly message: string;
}
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

/** The first reason not to parse `text`, or undefined. */
export const nestingFault = (text: string): NestingFault | undefined => {
  if (text.length > textMax) {
    return { code: "text-too-long", at: 0, message: `the text is larger than ${textMax} bytes` };
  }
  const odd = control.exec(text);
  if (odd !== null) return { code: "text-binary", at: odd.index, message: "this is not a text: it holds control characters" };
  return scan(text);
};

/** Stops where the nesting or the number of tokens first exceeds its limit. Indents of text lines count like keys, which can only over-count. */
const scan = (text: string): NestingFault | undefined => {
  const indents: number[] = [];
  let offset = 0, lineStart = 0, flow = 0, opened = true, count = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === "\u0002" || token === "\u0018" || token === "\u001f") continue;
    const column = offset - lineStart;
    const first = token[0]!;
    if (first === "\n" || token === "\r\n") opened = true;
    else if (first === "[" || first === "{") flow += token.length === 1 ? 1 : 0;
    else if ((first === "]" || first === "}") && token.length === 1) flow = Math.max(0, flow - 1);
    if (flow === 0 && opened && first !== " " && first !== "\n" && first !== "\r" && first !== "#" && first !== "\t") {
      while (indents.length > 0 && indents.at(-1)! >= column) indents.pop();
      indents.push(column);
      opened = token === "-" || token === "?" || token === ":";
    }
    if (flow + indents.length > depthMax) return { code: "too-deep", at: offset, message: `nested deeper than ${depthMax} levels` };
    if (first !== " " && first !== "\n") count += 1;
    if (count > tokensMax) return { code: "too-many-tokens", at: offset, message: `more than ${tokensMax} keys, values and signs` };
    const cut = token.lastIndexOf("\n");
    if (cut >= 0) {
      lineStart = offset + cut + 1;
      opened = true;
    }
    offset += token.length;
  }
  return undefined;
};
