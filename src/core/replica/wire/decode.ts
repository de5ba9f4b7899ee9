/** Owns what a request or answer must look like on the wire; anything else is refused before a rule sees it. One schema feeds checks and the API description. */
import * as v from "valibot";
import type { Result } from "../../base/result.ts";
import { err, ok } from "../../base/result.ts";
import type { Json } from "../../value/json.ts";
import type { Request } from "../protocol.ts";
import { count, id, idMax } from "./scalar.ts";

/** Named limits of a message. */
export const editsMax = 2_000;
export const siblingsMax = 256;

const vector = v.pipe(v.record(v.string(), count), v.check((value) => Object.keys(value).length <= 10_000, "too many replicas"));
const mark = v.strictObject({ n: count, e: v.pipe(v.string(), v.maxLength(idMax)) });
const proof = v.strictObject({
  epoch: v.pipe(v.string(), v.maxLength(idMax)),
  token: v.strictTuple([count, v.pipe(v.string(), v.maxLength(idMax))]),
  replica: id,
  acked: mark,
  inflight: v.optional(mark),
});
const json = v.custom<Json>((value) => value !== undefined, "a JSON value");
const edit = v.strictObject({
  e: id, record: id, deleted: v.boolean(), body: json, ctx: vector, seen: count, create: v.boolean(),
  absorbed: v.pipe(v.array(id), v.maxLength(editsMax)),
});
const sibling = v.strictObject({ e: id, dots: v.array(v.strictTuple([id, count])), deleted: v.boolean(), body: json });
const offer = v.strictObject({
  record: id, common: count, ord: count, vv: vector,
  siblings: v.pipe(v.array(sibling), v.maxLength(siblingsMax)),
  dead: v.array(id),
});
export const requestSchema = v.variant("type", [
  v.strictObject({ type: v.literal("push"), proof, edits: v.pipe(v.array(edit), v.minLength(1), v.maxLength(editsMax)) }),
  v.strictObject({ type: v.literal("pull"), proof, cursor: count, floor: count, acknowledged: count }),
  v.strictObject({ type: v.literal("offer"), proof, offer, left: count }),
]);

export const epochChain = v.array(v.strictObject({ id, restoredAt: count }));

/** Beyond the shape: a push must end in the mark that its proof names. */
export const checkRequest = (request: Request): Result<Request, { readonly path: string; readonly message: string }> => {
  if (request.type !== "push") return ok(request);
  const { acked, inflight } = request.proof;
  const fits = inflight !== undefined && inflight.n === acked.n + request.edits.length && inflight.e === request.edits.at(-1)?.e;
  return fits ? ok(request) : err({ path: "proof.inflight", message: "must name the last edit of the batch" });
};
/** The request, or where and why it is none. */
export const decodeRequest = (value: unknown): Result<Request, { readonly path: string; readonly message: string }> => {
  const read = v.safeParse(requestSchema, value);
  if (read.success) return checkRequest(read.output as unknown as Request);
  const [issue] = read.issues;
  return err({ path: v.getDotPath(issue) ?? "", message: issue.message });
};
