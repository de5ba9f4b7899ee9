/** The root of the reading worker: parses and looks through texts beside the page. */
import * as Comlink from "comlink";
import { readSpec } from "./adapters/spec/read.ts";
import type { ReadingDesk } from "./adapters/spec/remote.ts";
import type { Step } from "./core/spec/dag.ts";

let newest: readonly Step[] = [];
const desk: ReadingDesk = {
  read: (text, options) => {
    const reading = readSpec(text, options);
    newest = reading.dag?.steps ?? [];
    return { reading: reading.dag === undefined ? reading : { ...reading, dag: { ...reading.dag, steps: [] } }, steps: newest.length };
  },
  steps: (from, to) => newest.slice(from, to),
};
Comlink.expose(desk);
