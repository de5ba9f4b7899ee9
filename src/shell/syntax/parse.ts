/**
 * Owns the door to the parser `unbash`: text in, our tree out, statements grouped by the lines they stand on.
 * A fault stops at the group it touches; groups before it are kept and run, as a shell that reads line by line does.
 */
import { parse as parseScript } from "unbash";
import { Lowering } from "./lower.ts";
import type { Dialect, Program } from "./tree.ts";

/** Parses a whole text. Never throws on bad syntax: the fault is in the answer. */
export const parseProgram = (text: string, dialect: Dialect, firstLine = 1): Program =>
  new Lowering(text, dialect, firstLine).program(parseScript(text));
