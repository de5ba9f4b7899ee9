/**
 * Owns how the steps of a run lie on disk: in pages of neighbours, so that a long run is few records to write at its start and few to read
 * while it is watched. A record without `rows` is a single step, as earlier versions wrote them; the page that takes it in removes it.
 */
import type { RunId } from "../../../core/base/brand.ts";
import type { StepRow } from "../../../core/run/rows.ts";
import type { Session } from "../session.ts";

const stepsOfPage = 32;

interface StepPage {
  readonly run: RunId;
  /** The first index it may hold. */
  readonly index: number;
  readonly rows: readonly StepRow[];
}
type StoredSteps = StepPage | StepRow;
const rowsOf = (stored: StoredSteps): readonly StepRow[] => ("rows" in stored ? stored.rows : [stored]);
/** The first index of the page that holds this one. */
export const pageOf = (index: number): number => index - (index % stepsOfPage);

/** By plan position. */
export const listSteps = async (session: Session, run: RunId): Promise<StepRow[]> =>
  (await session.list<StoredSteps>("steps", { range: IDBKeyRange.bound([run], [run, []]) })).flatMap(rowsOf);

/** Puts these in place of what was there under their index; the rest stays. */
export const putSteps = async (session: Session, run: RunId, steps: readonly StepRow[]): Promise<void> => {
  const changed = pagesOf(steps);
  await changePages(session, run, changed.keys(), (page, stored) => [...stored, ...changed.get(page)!]);
};
/** Puts what `change` makes of the rows of each of these pages. */
export const changePages = async (session: Session, run: RunId, pages: Iterable<number>, change: (page: number, stored: readonly StepRow[]) => readonly StepRow[]): Promise<void> => {
  const all = [...pages];
  const rangeOf = (page: number): IDBKeyRange => IDBKeyRange.bound([run, page], [run, page + stepsOfPage - 1]);
  const found = await Promise.all(all.map((page) => session.list<StoredSteps>("steps", { range: rangeOf(page) })));
  all.forEach((page, at) => {
    if (found[at]!.length > 1) session.remove("steps", rangeOf(page));
    putPage(session, { run, index: page, rows: change(page, found[at]!.flatMap(rowsOf)) });
  });
};
/** As `putSteps`, for a run of which nothing is kept yet. */
export const putFirstSteps = (session: Session, run: RunId, steps: readonly StepRow[]): void => {
  for (const [index, rows] of pagesOf(steps)) putPage(session, { run, index, rows });
};

const pagesOf = (steps: readonly StepRow[]): ReadonlyMap<number, readonly StepRow[]> => {
  const pages = new Map<number, StepRow[]>();
  for (const step of steps) {
    const index = pageOf(step.index);
    const page = pages.get(index);
    if (page === undefined) pages.set(index, [step]);
    else page.push(step);
  }
  return pages;
};
/** Of two rows with one index the later counts. */
const putPage = (session: Session, { run, index, rows }: StepPage): void => {
  const byIndex = new Map(rows.map((row) => [row.index, row]));
  session.put("steps", { run, index, rows: [...byIndex.values()].sort((a, b) => a.index - b.index) } satisfies StepPage);
};
