/**
 * Owns the shrunk counterexamples of the protocol's design: each is clean with the rules, and caught when the named rule is broken.
 * `a; b` are actions: who, then the record or how the message fares. "offer" gives one row back to a restored server.
 */
import { noBudget, type Action, type Budget, type Options } from "./state.ts";

export interface Trace {
  /** Mutants (tests/sim/sync/mutants.ts), all applied at once, that this trace catches. */
  readonly mutants: readonly string[];
  readonly story: string;
  readonly options?: Partial<Options>;
}
const t = (mutants: string, story: string, options: Partial<Options> = {}): Trace => ({ mutants: mutants.split("+"), story, options });

export const traces: readonly Trace[] = [
  t("4-row-context", "edit 1 a; push 1; edit 2 a; pull 2"),
  t("17-drop-acknowledged", "edit 0 a; push 0; edit 0 a; edit 0 a"),
  t("18-complete-early", "edit 3 a; edit 3 b; push 3; pull 0"),
  t("10-collapse", "edit 1 a; del 1 a; push 1; pull 0; del 0 a", { batch: 1 }),
  t("13-re-cut", "edit 1 a; push 1 slow; edit 1 a", { noFork: true }),
  t("21-acknowledge-pulled", "edit 1 a; push 1; pull 0; del 0 a; del 1 a; push 0; pull 0; pull 0; pull 1; pull 1; gc", { noSetAside: true, clients: 2 }),
  t("22-by-age", "edit 0 a; push 0; pull 1; del 1 a; push 1; gc; edit 0 a", { noSetAside: true, noRebase: true }),
  t("22-by-age+20-no-floor+15-no-set-aside", "edit 0 a; push 0; pull 1; del 1 a; push 1; gc; edit 0 a"),
  t("11-no-proof", "clone 1; edit 4 a; edit 1 a"),
  t("11-no-proof-on-pull", "clone 1; edit 4 a; push 4; edit 1 a; pull 1; edit 1 a"),
  t("11-no-proof-on-pull", "image 3; edit 3 a; push 3; rollback 3; pull 3; edit 3 a; del 3 a"),
  t("27-drop-unacknowledged", "clone 1; edit 4 a; edit 1 a"),
  t("9-not-recognised", "edit 0 a; clone 0; edit 0 a"),
  t("9-one-dot", "edit 2 a; clone 1; clone 2; push 5; edit 2 a"),
  t("7-forget-absorbed", "edit 1 b; clone 1; edit 4 b", { absorb: true }),
  t("15-no-set-aside", "edit 0 b; push 0; pull 1; edit 1 b; retire 1; del 0 b; push 0; pull 0; pull 0; gc"),
  t("15-create-over-absorbed", "edit 1 a; image 1; del 1 a; push 1; pull 1; pull 1; gc; rollback 1; edit 1 a", { absorb: true }),
  t("5-fresh-seen", "edit 0 a; push 0; pull 1; del 1 a; push 1; pull 1; pull 1; edit 0 a; retire 0; gc; pull 0; edit 0 a"),
  t("5-fresh-seen-over-acknowledged", "edit 0 a; clone 0; del 0 a; push 0; pull 0; pull 0; push 1; gc; pull 1; push 1; edit 1 a", { clients: 1 }),
  t("20-no-floor", "edit 0 a; push 0; pull 0; pull 1; retire 0; del 1 a; push 1; pull 1; pull 1; gc"),
  t("26-no-sweep", "edit 0 a; push 0; pull 0; pull 1; retire 0; del 1 a; push 1; pull 1; pull 1; gc"),
  t("20-no-floor", "edit 1 c; push 1; pull 1; image 1; del 1 c; push 1; pull 1; pull 1; pull 2; pull 2; gc; rollback 1"),
  t("26-own-wiped", "edit 0 a; push 0; pull 0; pull 1; retire 0; del 1 a; edit 0 a; push 1; pull 1; pull 1; gc; pull 0"),
  t("30-nothing-offered", "backup; edit 1 a; push 1; restore"),
  t("30-re-issue", "backup; edit 2 a; push 2; pull 1; del 1 a; restore; pull 1; pull 1; offer 1; restore"),
  t("30-replica-kept", "edit 1 a; edit 1 c; push 1; backup; restore", { batch: 1 }),
  t("30-seen-kept", "backup; edit 2 a; edit 2 a; push 2; pull 2; pull 0; edit 2 a; restore; del 0 a; push 0; offer 0; push 0; pull 0; pull 0; gc", { batch: 2, noRevive: true }),
  t("31-push-first", "edit 0 c; backup; push 0 slow; pull 1; restore; edit 1 c"),
  t("32-log-ignored", "edit 0 f; backup; push 0 resp; pull 1; restore; edit 0 f"),
  t("8-no-dead+32-no-aside", "backup; edit 0 b; push 0; pull 1; del 0 b; push 0; restore; pull 0; offer 0; pull 0; pull 0; gc"),
  t("32-floor-at-epoch", "edit 1 b; push 1; pull 0; edit 1 b; backup; push 1; del 0 b; restore; push 0; offer 0; push 0; pull 0; pull 0; gc; backup; restore", { noRevive: true }),
  t("8-no-dead", "edit 0 a; backup; push 0 resp; pull 1; edit 1 a; push 1; pull 1; restore"),
  t("8-no-dead+9-known-context", "edit 0 c; edit 0 c; backup; clone 0; push 0; pull 0; restore; edit 0 a; push 0", { batch: 2, clients: 1 }),
  t("12-cursor-token", "edit 1 a; push 1; edit 3 c; push 3; backup; edit 2 a; push 2; pull 0; hand"),
  t("12-offer-token", "backup; edit 0 b; push 0; pull 1; hand; pull 0; backup; del 0 b; offer 0; hand"),
  t("33-no-token", "edit 1 a; backup; edit 0 a; push 1; hand"),
  t("33-dots-trusted", "edit 0 b; push 0; pull 1; clone 0; backup; edit 0 a; push 0; pull 0; pull 1; hand; edit 4 a; push 4"),
  t("33-dots-trusted", "edit 2 c; clone 1; push 2; pull 4; edit 1 c; del 4 c; backup; push 1; hand; push 4"),
];

export const toActions = (story: string): readonly Action[] =>
  story.split(";").map((part) => {
    const [kind = "", who = "0", what] = part.trim().split(" ");
    return what === undefined ? [kind, Number(who)] : [kind, Number(who), what];
  });

const plenty: Budget = Object.fromEntries(Object.keys(noBudget).map((key) => [key, 99])) as unknown as Budget;
export const traceOptions = (trace: Trace): Options => ({
  clients: 4,
  clientsMax: 9,
  records: ["a", "b", "c", "d", "e", "f"],
  batch: 0,
  absorb: false,
  noRevive: !/restore|hand/.test(trace.story),
  budget: plenty,
  ...trace.options,
});
