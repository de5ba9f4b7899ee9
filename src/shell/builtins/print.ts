/** Owns how functions are printed back: laid out as bash does it, from their source. */
import type { FunctionDef } from "../state/shell.ts";
import { showFunction } from "../syntax/show/function.ts";

/** `name () \n{ \n    body\n}` and its redirections. */
export const printFunction = (fn: FunctionDef): string => showFunction(fn.name, fn.text.trim());
