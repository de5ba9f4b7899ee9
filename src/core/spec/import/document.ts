/** Owns the writing of an imported DAG as YAML that Dagu reads back as meant: texts that look like other types are quoted. */
import { Document, isScalar, visit } from "yaml";
import type { Json } from "../../value/json.ts";
import { plainScalar } from "../yaml/scalar.ts";

export interface ImportNote {
  readonly code: string;
  /** 1-based line of the pasted text. */
  readonly line: number;
  /** English: what was lost or needs a look. */
  readonly message: string;
  /** Values for the translated text of `code`. */
  readonly values?: Readonly<Record<string, string>>;
}
export interface Imported {
  readonly name: string;
  readonly text: string;
  readonly notes: readonly ImportNote[];
}

export const dagText = (dag: { readonly [key: string]: Json | undefined }, comment: string): string => {
  const present = Object.fromEntries(Object.entries(dag).filter(([, value]) => value !== undefined));
  const document = new Document(present);
  visit(document, {
    Scalar: (_, node) => {
      if (!isScalar(node) || typeof node.value !== "string") return;
      if (node.value.includes("\n")) node.type = "BLOCK_LITERAL";
      else if (plainScalar(node.value).type !== "string") node.type = "QUOTE_DOUBLE";
    },
  });
  const head = comment.split("\n").map((line) => `# ${line}`.trimEnd()).join("\n");
  return `${head}\n${document.toString({ lineWidth: 0 })}`;
};

/** A DAG's name from any text: letters, digits, `_`, `.`, `-`, at most 40. */
export const dagNameOf = (text: string, fallback: string): string => {
  const clean = text.toLowerCase().replace(/[^a-z0-9_.-]+/g, "-").replace(/^[-.]+|[-.]+$/g, "").slice(0, 40).replace(/[-.]+$/, "");
  return clean === "" ? fallback : clean;
};
