/**
 * Owns a fault in the author's text: where, what, how to mend it, and the words Dagu would refuse it with.
 * Refuses to know how faults are found. Source: the contract's section 1.2.
 */

/** Dagu's phases in order; "limit" is our own guard before any of them. The first failing phase ends the check. */
export type Phase = "limit" | "syntax" | "decode" | "types" | "build" | "validate" | "file";
export interface Fix {
  readonly label: string;
  /** Offsets into the text; `text` replaces what lies between. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
}
export interface Issue {
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly phase: Phase;
  /** 0-based number of the YAML document. */
  readonly document: number;
  /** Dotted path into the document, "steps[2].retry_policy.limit". */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** English. */
  readonly message: string;
  /** The piece of Dagu's own refusal, without the prefix of its phase. */
  readonly refusal: string;
  /** Values for the translated text of `code`. */
  readonly values: Readonly<Record<string, string>>;
  readonly fix?: Fix;
}

const decodeHead = "decoding failed due to the following error(s):\n\n";

/** The whole refusal as Dagu words it, for the first failing phase; undefined when nothing is refused. */
export const refusalText = (issues: readonly Issue[], file: string): string | undefined => {
  const errors = issues.filter((issue) => issue.severity === "error");
  const first = errors[0];
  if (first === undefined) return undefined;
  const pieces = errors.filter((issue) => issue.phase === first.phase && issue.document === first.document).map((issue) => issue.refusal).filter((piece) => piece !== "");
  const head = `failed to load DAG from ${file}: `;
  switch (first.phase) {
    case "limit":
    case "file":
      return head + pieces[0]!;
    case "syntax":
      return first.document < 0 ? head + pieces[0]! : `${head}failed to decode document ${first.document}: ${pieces[0]!}`;
    case "decode":
      return `${head}failed to process document ${first.document}: ${decodeText(pieces)}`;
    case "types":
      return `${head}failed to process document ${first.document}: ${pieces.join("; ")}`;
    case "build":
    case "validate":
      return `${head}failed to process document ${first.document}: failed to build DAG: ${pieces.join("; ")}`;
  }
};
/** Lines of a decode failure; a piece that is no list line (labels and tags both set) stands alone. */
const decodeText = (pieces: readonly string[]): string =>
  pieces[0]!.startsWith("'") ? decodeHead + pieces.join("\n") : pieces[0]!;
export const decodeRefusal = (lines: readonly string[]): string => decodeHead + lines.join("\n");

/** Dagu's text of one faulty field. */
export const fieldText = (field: string, reason: string, value?: string): string =>
  `field '${field}': ${reason}${value === undefined ? "" : ` (value: ${value})`}`;
