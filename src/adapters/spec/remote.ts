/**
 * Owns the page's end of the reading worker: started with the first text, one text at a time, only the newest waits. Steps come in
 * slices, so that taking them over never holds the page for long.
 */
import * as Comlink from "comlink";
import type { Step } from "../../core/spec/dag.ts";
import type { SpecReader, SpecReading, SpecReadOptions } from "../../ports/tab/spec-reader.ts";

/** What the worker answers. */
export interface ReadingDesk {
  readonly read: (text: string, options: SpecReadOptions) => { readonly reading: SpecReading; readonly steps: number };
  /** Steps of the newest reading. */
  readonly steps: (from: number, to: number) => readonly Step[];
}
const slice = 1_000;
interface Waiting {
  readonly text: string;
  readonly options: SpecReadOptions;
  readonly settle: (reading: Promise<SpecReading> | undefined) => void;
}

export const createSpecReader = (url: string): SpecReader => {
  let desk: Comlink.Remote<ReadingDesk> | undefined;
  let isBusy = false;
  let waiting: Waiting | undefined;
  const opened = (): Comlink.Remote<ReadingDesk> => (desk ??= Comlink.wrap<ReadingDesk>(new Worker(url, { type: "module", name: "spec" })));
  const readWhole = async (text: string, options: SpecReadOptions): Promise<SpecReading> => {
    const { reading, steps: count } = await opened().read(text, options);
    if (reading.dag === undefined) return reading;
    const steps: Step[] = [];
    for (let from = 0; from < count; from += slice) steps.push(...(await opened().steps(from, from + slice)));
    return { ...reading, dag: { ...reading.dag, steps } };
  };
  const next = (): void => {
    const one = waiting;
    waiting = undefined;
    if (one === undefined) return;
    isBusy = true;
    const work = readWhole(one.text, one.options).finally(() => {
      isBusy = false;
      next();
    });
    one.settle(work);
  };
  return {
    read: (text, options) =>
      new Promise((resolve) => {
        waiting?.settle(undefined);
        waiting = { text, options, settle: (reading) => resolve(reading) };
        if (!isBusy) next();
      }),
  };
};
