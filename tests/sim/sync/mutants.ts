/**
 * Owns the rules broken on purpose: each mutant replaces one passage of the shipped source, so a passage that moved fails loudly here.
 * The broken copy is compiled to a temporary folder and takes the place of the rules in a replay.
 */
import { mkdtempSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import type { Rules } from "./world.ts";

interface Patch {
  readonly file: "apply" | "own" | "client" | "receive" | "server" | "offer";
  readonly find: string;
  readonly put: string;
}
const patch = (file: Patch["file"], find: string, put: string): Patch => ({ file, find, put });

/** By rule number and fault. */
export const mutants: Readonly<Record<string, readonly Patch[]>> = {
  "4-row-context": [patch("client", "edits: sentEdits(own, numbering(sent, slice.place), size)",
    "edits: sentEdits(own, numbering(sent, slice.place), size).map((x) => ({ ...x, ctx: Object.fromEntries([...Object.keys(x.ctx), ...Object.keys(slice.copyOf(x.record)?.vv ?? {})].map((k) => [k, Math.max(x.ctx[k] ?? 0, slice.copyOf(x.record)?.vv[k] ?? 0)])) }))")],
  "5-fresh-seen": [patch("own", "seen = Math.min(seen, edit.seen);", "")],
  "5-fresh-seen-over-acknowledged": [patch("own", "seen = Math.min(seen, edit.seen);", "if (edit.acked === undefined) seen = Math.min(seen, edit.seen);")],
  "7-forget-absorbed": [patch("own", "absorbed: [...last.absorbed, last.e]", "absorbed: []")],
  "8-no-dead": [patch("receive", "siblings: row.siblings, dead: row.dead });", "siblings: row.siblings, dead: [] });")],
  "9-not-recognised": [
    patch("apply", "sibling.e !== edit.e && (", "("),
    patch("apply", "const live = kept.some((sibling) => sibling.e === edit.e);", "const live = false;"),
    patch("apply", ": how.known\n", ": false\n"),
    patch("server", "if (row === undefined && known) continue;", ""),
  ],
  "9-one-dot": [patch("apply", "dots: [...sibling.dots, dot]", "dots: sibling.dots")],
  "9-known-context": [patch("apply", "const isSuperseded =",
    "if (how.known || before.siblings.some((s) => s.e === edit.e)) return { ...before, siblings: before.siblings.map((s) => (s.e === edit.e ? { ...s, dots: [...s.dots, dot] } : s)), vv: bump(before.vv, dot) };\n  const isSuperseded =")],
  "10-collapse": [patch("apply", "ord: before.ord,\n    vv: bump(join(before.vv, how.ctx), dot),\n    siblings,",
    "ord: before.ord,\n    vv: bump(join(before.vv, how.ctx), dot),\n    siblings: siblings.every((s) => s.deleted) ? [...siblings].sort((a, b) => (a.e < b.e ? -1 : 1)).slice(0, 1) : siblings,")],
  "11-no-proof": [patch("server", "if (isMark(entry.mark, proof.acked))", "if (true)")],
  "11-no-proof-on-pull": [patch("server", 'if ("answer" in gate) return gate;',
    'if ("answer" in gate) { const known = space.replica(request.proof.replica); if (gate.answer.type === "fork" && request.type === "pull" && known) return pull(space, request, { entry: { ...known, retired: false }, accepted: false }, by); return gate; }')],
  "12-cursor-token": [patch("server", "rows, last, cursor: reached }, delta };", "rows, last, cursor: reached, token: tokenAt(space, reached, [], by) }, delta };")],
  "12-offer-token": [patch("receive", "head: { ...delta.head, token: newer(delta.head.token, answer.token) },\n    offers,", "head: delta.head,\n    offers,")],
  "13-re-cut": [
    patch("client", "const size = head.inflight === undefined\n", "const size = true\n"),
    patch("client", "const inflight = head.inflight ?? {", "const inflight = {"),
  ],
  "15-no-set-aside": [patch("server", "edit.seen < space.head.floor", "false")],
  "15-create-over-absorbed": [patch("server", "edit.create && !edit.absorbed.some(isLogged)", "edit.create")],
  "17-drop-acknowledged": [patch("receive", "token: newer(head.token, answer.token) }, own, recovered };", "token: newer(head.token, answer.token) }, own: own.filter((edit) => edit.acked === undefined), recovered };")],
  "18-complete-early": [patch("receive", "if (!page.last) return { ...delta, head, copyPut };", "if (!page.last) return { ...delta, head: { ...head, seen: Math.max(head.seen, page.head) }, copyPut };")],
  "20-no-floor": [patch("server", "if (cursor > 0 && space.head.floor > Math.max(cursor, floor))", "if (false)")],
  "21-acknowledge-pulled": [patch("client", "(edit.acked === undefined ? Math.min(low, edit.seen) : low)", "low")],
  "22-by-age": [patch("server", "Math.min(...low);", "Infinity;")],
  "26-no-sweep": [patch("receive", "if (!arrived.has(row.record)) drop.add(row.record);\n  for (const row of slice.copyDeadUpTo", ";\n  for (const row of slice.copyDeadUpTo")],
  "26-own-wiped": [patch("receive", 'if (answer.type === "rebase") return { ...delta,', 'if (answer.type === "rebase") return { ...delta, own: [],')],
  "27-drop-unacknowledged": [patch("receive", "return { ...unchanged(slice), head: { ...rest, replica: fresh(), acked: noMark } };", "return { ...unchanged(slice), own: slice.own.filter((edit) => edit.acked !== undefined), head: { ...rest, replica: fresh(), acked: noMark } };")],
  "30-nothing-offered": [patch("receive", "    offers,\n    copyPut,", "    offers: [],\n    copyPut,")],
  "30-re-issue": [
    patch("receive", "const copyPut = foldedCopy(slice);", "const copyPut = [];"),
    patch("receive", "own: slice.own.filter((edit) => edit.acked === undefined).map(", "own: slice.own.map(({ acked: _acked, ...edit }) => edit).map("),
  ],
  "30-replica-kept": [patch("receive", "chain: answer.chain, replica: fresh(),", "chain: answer.chain,")],
  "30-seen-kept": [
    patch("receive", "seen: Math.min(slice.head.seen, common) },", "},"),
    patch("receive", "({ ...edit, seen: Math.min(edit.seen, common) })", "edit"),
  ],
  "31-push-first": [
    patch("client", "if (unsent.length === 0 || slice.offers.length > 0) return undefined;", "if (unsent.length === 0) return undefined;"),
    patch("client", "if (slice.head.fetching || slice.offers.length > 0) return 0;", "if (slice.head.fetching) return 0;"),
  ],
  "32-log-ignored": [patch("offer", "space.isLogged(sibling.e) || offer.dead.includes", "offer.dead.includes")],
  "32-no-aside": [patch("offer", "if (here === undefined && space.head.floor > offer.common)", "if (false)")],
  "32-floor-at-epoch": [
    patch("server", "restoredAt: at }], undeclared }),", "restoredAt: at }], undeclared, floorThen: head.floor }),"),
    patch("offer", "space.head.floor > offer.common", "space.head.floor > (space.head.floorThen ?? 0)"),
  ],
  "33-no-token": [patch("server", "if (space.commitAt(proof.token[0]) !== proof.token[1])", "if (false)")],
  "33-dots-trusted": [patch("offer", "const byDot = !space.head.undeclared;", "const byDot = true;")],
};

const core = join(import.meta.dirname, "../../../src/core");
const emitted = (text: string): string =>
  ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true } })
    .outputText.replaceAll(/(from\s+"[^"]+)\.ts"/g, '$1.mjs"');

/** The rules with these mutants applied. Throws when a passage is not found exactly once. */
export const broken = async (ids: readonly string[]): Promise<Rules> => {
  const root = mkdtempSync(join(tmpdir(), "dagbok-mutant-"));
  const patches = ids.flatMap((id) => mutants[id] ?? []);
  for (const room of ["base", "value", "replica"]) {
    mkdirSync(join(root, room));
    for (const entry of readdirSync(join(core, room), { withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
      let text = readFileSync(join(core, room, entry.name), "utf8");
      if (room === "replica") for (const p of patches) if (`${p.file}.ts` === entry.name) text = replaced(text, p);
      if (room === "replica" || room === "base") writeFileSync(join(root, room, entry.name.replace(/\.ts$/, ".mjs")), emitted(text));
    }
  }
  const load = (name: string): Promise<never> => import(/* @vite-ignore */ pathToFileURL(join(root, "replica", `${name}.mjs`)).href) as Promise<never>;
  return { client: await load("client"), own: await load("own"), receive: await load("receive"), server: await load("server") };
};
const replaced = (text: string, { file, find, put }: Patch): string => {
  const parts = text.split(find);
  if (parts.length !== 2) throw new Error(`mutant of ${file}: passage found ${parts.length - 1} times: ${find}`);
  return parts.join(put);
};
