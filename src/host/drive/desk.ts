/** Owns carrying out what is asked of the driver: directly, or by rows that other tabs have left. Each row is answered once, with its effect. */
import { dagId, type RunId } from "../../core/base/brand.ts";
import type { Ids } from "../../ports/ids.ts";
import type { RequestRow } from "../../ports/store.ts";
import { decodeAsk, requestTypes, type Ask, type AskAnswer, type StartAsk } from "./asks.ts";
import type { Insist } from "./insist.ts";
import { launch, type LaunchWorld } from "./start/launch.ts";
import type { Live, LiveSeed } from "./live.ts";

export interface DeskWorld extends LaunchWorld {
  readonly ids: Ids;
  readonly load: (run: RunId) => Promise<Live | undefined>;
  readonly insist: Insist;
  readonly isOpen: () => boolean;
  /** A run has been created: drive it. */
  readonly begin: (seed: LiveSeed) => void;
  /** Somebody else has taken over. */
  readonly fence: () => void;
}
export interface Desk {
  readonly ask: (what: Ask) => Promise<AskAnswer>;
  /** Takes on the rows that nobody has answered. */
  readonly poll: () => Promise<void>;
}
const notDriving: AskAnswer = { ok: false, code: "not_driving", message: "this tab does not drive" };

export const createDesk = (world: DeskWorld): Desk => {
  const { store, ids, load, insist, isOpen } = world;
  const answering = new Set<string>();

  const ask = async (what: Ask, row?: RequestRow): Promise<AskAnswer> => {
    if (!isOpen()) return notDriving;
    if (what.type === "start") return startRun(what, row);
    const id = row?.id ?? ids.next();
    while (isOpen()) {
      const live = await load(what.run);
      if (live === undefined) return { ok: false, code: "not_found", message: `run ${what.run} not found` };
      const outcome = await live.ask({ type: "request", id, request: what.request }, row);
      if (outcome !== "moved") return outcome === undefined ? { ok: true } : { ok: false, ...outcome };
    }
    return notDriving;
  };
  const startRun = async (what: StartAsk, row?: RequestRow): Promise<AskAnswer> => {
    const target = await store.transact((tx) => tx.dag(dagId(what.dag)), { readonly: true });
    if (target === undefined || target.deletedAt !== undefined) return { ok: false, code: "not_found", message: `DAG ${what.dag} not found` };
    const made = await launch(world, {
      run: what.run, args: what.args, paramsText: what.paramsText, trigger: what.trigger,
      target: { revision: what.revision ?? target.head, dag: what.dag, isDraft: what.isDraft ?? false },
      ...(what.baseWorkingDir === undefined ? {} : { baseWorkingDir: what.baseWorkingDir }),
      ...(row === undefined ? {} : { request: row }),
    });
    if (!made.ok) {
      if (made.error.code === "exists") return { ok: true, run: what.run };
      if (made.error.code === "fenced") world.fence();
      return { ok: false, ...made.error };
    }
    world.begin(made.value);
    return { ok: true, run: what.run };
  };

  const poll = async (): Promise<void> => {
    if (!isOpen()) return;
    const open = await store.transact((tx) => tx.requests(true), { readonly: true });
    await Promise.all(open.filter((row) => requestTypes.includes(row.type) && !answering.has(row.id)).map(answer));
  };
  const answer = async (row: RequestRow): Promise<void> => {
    answering.add(row.id);
    await insist(undefined, async () => {
      const open = await store.transact((tx) => tx.request(row.id), { readonly: true });
      if (open === undefined || open.answer !== undefined) return;
      const what = decodeAsk(row.body);
      const said: AskAnswer = what === undefined ? { ok: false, code: "bad_request", message: "the request cannot be read" } : await ask(what, row);
      if (!isOpen()) return;
      await store.transact(async (tx) => {
        const now = await tx.request(row.id);
        if (now !== undefined && now.answer === undefined) await tx.putRequest({ ...now, answer: JSON.stringify(said) });
      });
    });
    answering.delete(row.id);
  };
  return { ask, poll };
};
