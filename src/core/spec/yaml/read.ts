/**
 * Owns the way from text to positioned trees, one per document, with Dagu's scalar rules, in-order merges and bounded aliases.
 * Refuses to know keys. Faults are syntax faults: only the first counts.
 */
import { Composer, isAlias, isMap, isScalar, isSeq, LineCounter, Parser, type CST, type Document, type Node, type ParsedNode, type YAMLMap } from "yaml";
import { plainScalar, taggedScalar, textScalar } from "./scalar.ts";
import type { Field, Span, Tree } from "./tree.ts";

/** Nodes after all aliases are expanded. */
export const nodesMax = 250_000;

export interface SyntaxFault {
  readonly code: string;
  readonly document: number;
  readonly span: Span;
  readonly message: string;
}
export interface ReadDocuments {
  readonly lines: LineCounter;
  /** Undefined for an empty document. */
  readonly documents: readonly (Tree | undefined)[];
  readonly fault?: SyntaxFault;
}
class Stop extends Error {
  readonly fault: SyntaxFault;
  constructor(fault: SyntaxFault) {
    super(fault.message);
    this.fault = fault;
  }
}
interface Walk {
  readonly anchors: Map<string, ParsedNode>;
  readonly open: Set<ParsedNode>;
  readonly document: number;
  readonly total: { nodes: number };
}

const composing = { schema: "failsafe", uniqueKeys: false, logLevel: "silent", prettyErrors: false, merge: false } as const;
/** Enough of a fault to name it: the composer spends time on every further one. */
const faultyTokensMax = 20;
/** Syntax tokens of the text, up to the first that is an error. */
function* sources(text: string, lines: LineCounter): Generator<CST.Token> {
  let directives = 0;
  for (const token of new Parser(lines.addNewLine).parse(text)) {
    if (token.type === "document" && (token.end?.length ?? 0) > faultyTokensMax) token.end!.length = faultyTokensMax;
    yield token;
    if (token.type === "directive") directives += 1;
    if (token.type === "error" || directives > faultyTokensMax) return;
  }
}

/** Reads every document. Call `nestingFault` first: this recurses as deep as the text nests. */
export const readDocuments = (text: string): ReadDocuments => {
  const lines = new LineCounter();
  const list: readonly Document.Parsed[] = [...new Composer(composing).compose(sources(text, lines), true, text.length)];
  const documents: (Tree | undefined)[] = [];
  const total = { nodes: 0 };
  for (const [index, document] of list.entries()) {
    const error = document.errors[0];
    if (error !== undefined) {
      const [from, to] = error.pos;
      return { lines, documents, fault: { code: "yaml-syntax", document: index, span: { from, to }, message: firstLine(error.message) } };
    }
    try {
      const walk: Walk = { anchors: new Map(), open: new Set(), document: index, total };
      documents.push(document.contents === null ? undefined : treeFrom(document.contents as ParsedNode, "", walk));
    } catch (thrown) {
      if (!(thrown instanceof Stop)) throw thrown;
      return { lines, documents, fault: thrown.fault };
    }
  }
  return { lines, documents };
};
const firstLine = (message: string): string => message.split("\n", 1)[0]!;
const spanOf = (node: Node | null): Span => ({ from: node?.range?.[0] ?? 0, to: node?.range?.[1] ?? 0 });
const stop = (walk: Walk, node: Node | null, code: string, message: string): never => {
  throw new Stop({ code, document: walk.document, span: spanOf(node), message });
};

const treeFrom = (node: ParsedNode | null, path: string, walk: Walk): Tree => {
  walk.total.nodes += 1;
  if (walk.total.nodes > nodesMax) stop(walk, node, "too-many-nodes", `more than ${nodesMax} values once aliases are expanded`);
  if (node === null) return { kind: "scalar", type: "null", value: null, text: "<nil>", span: { from: 0, to: 0 }, path };
  if (isAlias(node)) {
    const target = walk.anchors.get(node.source);
    if (target === undefined) return stop(walk, node, "unknown-anchor", `could not find alias "${node.source}"`);
    if (walk.open.has(target)) return stop(walk, node, "alias-cycle", `the alias "${node.source}" contains itself`);
    return treeFrom(target, path, walk);
  }
  if (node.anchor !== undefined) walk.anchors.set(node.anchor, node);
  const span = spanOf(node);
  if (isScalar(node)) return { kind: "scalar", ...scalarOf(node as never), span, path };
  walk.open.add(node);
  const tree: Tree = isSeq(node)
    ? { kind: "list", items: node.items.map((item, i) => treeFrom(item as ParsedNode, `${path}[${i}]`, walk)), span, path }
    : isMap(node)
      ? { kind: "map", fields: fieldsOf(node as YAMLMap<ParsedNode, ParsedNode | null>, path, walk), span, path }
      : stop(walk, node, "yaml-syntax", "unexpected value");
  walk.open.delete(node);
  return tree;
};
const scalarOf = (node: { value: unknown; type?: string; tag?: string; source?: string }) => {
  const source = typeof node.value === "string" ? node.value : (node.source ?? "");
  if (node.tag === "!" && source !== "") return textScalar(source);
  if (node.tag !== undefined && node.tag !== "!") return taggedScalar(node.tag, source);
  return node.type === "PLAIN" ? plainScalar(source) : textScalar(source);
};
const fieldsOf = (map: YAMLMap<ParsedNode, ParsedNode | null>, path: string, walk: Walk): ReadonlyMap<string, Field> => {
  const fields = new Map<string, Field>();
  const own = new Set<string>();
  for (const pair of map.items) {
    const keyTree = treeFrom(pair.key, path, walk);
    if (keyTree.kind !== "scalar") return stop(walk, pair.key, "yaml-syntax", "a key must be a plain text");
    const key = keyTree.type === "null" ? "null" : keyTree.text;
    if (key === "<<" && keyTree.type === "string") {
      for (const field of mergedFields(pair.value, path, walk)) fields.set(field.key, field);
      continue;
    }
    if (own.has(key)) stop(walk, pair.key, "duplicate-key", `mapping key "${key}" already defined`);
    if (key === "__proto__") stop(walk, pair.key, "forbidden-key", `the key "${key}" is not allowed`);
    own.add(key);
    const value = treeFrom(pair.value, path === "" ? key : `${path}.${key}`, walk);
    fields.set(key, { key, keySpan: keyTree.span, value: value.span.to === 0 && pair.value === null ? { ...value, span: keyTree.span } : value });
  }
  return fields;
};
/** Fields that `<<` brings, in the order of the text: an own key further down wins, one above loses, as in Dagu's reader. */
const mergedFields = (value: ParsedNode | null, path: string, walk: Walk): readonly Field[] => {
  const tree = treeFrom(value, path, walk);
  const maps = tree.kind === "list" ? tree.items : [tree];
  return maps.flatMap((item) => (item.kind === "map" ? [...item.fields.values()] : stop(walk, value, "yaml-syntax", "a merge needs a map")));
};
