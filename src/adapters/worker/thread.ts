/**
 * Owns what a thread offers to its steps, put together once: shell with its doors, kinds, randomness, time. The same in Node and in a worker.
 */
import { commands } from "../../shell/commands/table.ts";
import type { Assets } from "../../ports/assets.ts";
import type { Files } from "../../ports/files.ts";
import type { Network } from "../../ports/network.ts";
import type { KindWorld, PythonRunner } from "./kind.ts";
import type { OpenPostgres } from "./kinds/postgres/engine.ts";
import { createDoors } from "./kinds/doors/table.ts";
import { createShellRunner } from "./kinds/shell/runner.ts";

export interface ThreadOffers {
  readonly files: Files;
  readonly network: Network;
  readonly assets: Assets;
  readonly now?: () => number;
  /** Makes the thread's Python; roots that carry the pack give it. */
  readonly python?: (world: Pick<KindWorld, "files" | "assets" | "now">) => PythonRunner;
  readonly postgres?: OpenPostgres;
  readonly folder?: KindWorld["folder"];
}
const hexToken = (digits: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(digits)), (byte) => (byte & 15).toString(16)).join("");
const random = (): number => (crypto.getRandomValues(new Uint32Array(1))[0] as number) / 2 ** 32;

export const createThread = ({ files, network, assets, now = Date.now, python, postgres, folder }: ThreadOffers): KindWorld => {
  const base = { files, network, assets, now, token: hexToken, ...(python === undefined ? {} : { python: python({ files, assets, now }) }), ...(postgres === undefined ? {} : { postgres }), ...(folder === undefined ? {} : { folder }) };
  return { ...base, shell: createShellRunner({ files, commands, doors: createDoors(base), now, random }) };
};
