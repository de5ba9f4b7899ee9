/**
 * Owns how a page's rows travel: as columns, each body without an `id` that its record's key says already. Pure; the answer is the same
 * before and after.
 */
import type { Json } from "../../value/json.ts";
import type { PageRow } from "../protocol.ts";
import { fromColumns, toColumns, type Column } from "./columns.ts";

/** The request's header that says: rows may come packed, in this version. */
export const packHeader = "dagbok-pack";
export const packVersion = "1";

type Body = { readonly [key: string]: Json };
const idOf = (record: string): string => record.slice(record.indexOf("/") + 1);
const isBody = (body: Json): body is Body => typeof body === "object" && body !== null && !Array.isArray(body);
/** Where the key stood among the body's keys, before it was left out; -1 = it was not. */
const without = (record: string, body: Json): readonly [body: Json, at: number] => {
  if (!isBody(body) || body["id"] !== idOf(record)) return [body, -1];
  const { id: _said, ...rest } = body;
  return [rest, Object.keys(body).indexOf("id")];
};
const withId = (record: string, body: Json, at: number): Json => {
  if (at < 0 || !isBody(body)) return body;
  const fields = Object.entries(body);
  return Object.fromEntries([...fields.slice(0, at), ["id", idOf(record)] as const, ...fields.slice(at)]);
};

export const packRows = (rows: readonly PageRow[]): Column =>
  toColumns(rows.map(({ siblings, ...row }) => ({
    ...row,
    siblings: siblings.map(({ body, ...sibling }) => {
      const [rest, at] = without(row.record, body);
      return { ...sibling, body: rest, at };
    }),
  })) as unknown as readonly Json[]);

type Packed = Omit<PageRow, "siblings"> & { readonly siblings: readonly (PageRow["siblings"][number] & { readonly at: number })[] };
/** Undefined: not what `packRows` made. */
export const unpackRows = (packed: unknown): readonly PageRow[] | undefined => {
  const rows = fromColumns(packed) as readonly Packed[] | undefined;
  return rows?.map(({ siblings, ...row }) => ({ ...row, siblings: siblings.map(({ at, ...sibling }) => ({ ...sibling, body: withId(row.record, sibling.body, at) })) }));
};
