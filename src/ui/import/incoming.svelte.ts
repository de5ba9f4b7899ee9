/**
 * Owns what came in and what is to become of it: taken from files or a paste, reviewed, stored, taken back. Lives as long as the tab.
 * 1 Nothing is stored before the person says so. 2 One that fails does not keep the others from being stored. 3 What was stored can be taken back.
 */
import { arrivalsOf, type Arrival } from "../../core/spec/import/arrival.ts";
import { companionsOf } from "../../core/spec/import/home.ts";
import type { ImportNote } from "../../core/spec/import/document.ts";
import type { Commands } from "../../host/commands.ts";
import { baseSetting } from "../../host/edit/base.ts";
import type { StandingRows } from "../../host/edit/incoming.ts";
import { refusalText } from "../format/words-of.ts";
import type { Found } from "./drop.ts";
import { gather, textMax, type Gathered, type Refused } from "./gather.ts";

/** store: as a new DAG · replace: as a new revision of the one with this name · skip: not at all. */
export type How = "store" | "replace" | "skip";
export interface Attached {
  readonly path: string;
  readonly bytes: Uint8Array;
}
export interface Item {
  readonly id: number;
  readonly arrival: Arrival;
  readonly files: readonly Attached[];
}
export class Choice {
  name = $state("");
  how = $state<How>("store");
  /** Keep the text as it came, in its old words. */
  old = $state(false);
  /** The person has spoken: later names do not change it. */
  decided = false;
  problem = $state("");
}
export interface Done {
  readonly name: string;
  readonly dag: string;
  /** Text that stood before; absent when the DAG is new. */
  readonly before?: string;
  readonly files: readonly { readonly path: string; readonly before: Uint8Array | undefined }[];
}
export interface Outcome {
  readonly done: readonly Done[];
  readonly failed: number;
  /** Base configuration that stood before, when it was changed. */
  readonly base?: string;
}
/** Longest stretch of reading before the page may draw. */
const sliceMs = 24;
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

class Incoming {
  items = $state.raw<readonly Item[]>([]);
  choices = $state.raw<ReadonlyMap<number, Choice>>(new Map());
  notes = $state.raw<readonly (ImportNote & { readonly path: string })[]>([]);
  refused = $state.raw<readonly Refused[]>([]);
  /** Files that belong to no DAG. */
  left = $state.raw<readonly string[]>([]);
  base = $state.raw<{ readonly path: string; readonly text: string } | undefined>(undefined);
  withBase = $state(true);
  phase = $state<"" | "reading" | "storing">("");
  done = $state(0);
  of = $state(0);
  #next = 1;
  #standing: StandingRows = { byName: new Map(), base: undefined };

  /** Reads what was dropped or chosen; adds to what is there. */
  async take(found: readonly Found[] | Promise<readonly Found[]>): Promise<void> {
    this.#begin("reading", 0);
    try {
      const gathered = await gather(await found, (done, of) => { this.done = done; this.of = of; });
      await this.#add(gathered);
    } finally {
      this.phase = "";
    }
  }
  async paste(text: string): Promise<void> {
    if (text.length > textMax) {
      this.refused = [...this.refused, { path: "", why: "too-big", size: text.length }];
      return;
    }
    if (/[\0\uFFFD]/.test(text)) {
      this.refused = [...this.refused, { path: "", why: "binary", size: text.length }];
      return;
    }
    this.#begin("reading", 1);
    try {
      await this.#add({ texts: [{ path: "", text }], files: new Map(), refused: [] });
    } finally {
      this.phase = "";
    }
  }
  clear(): void {
    this.items = [];
    this.choices = new Map();
    this.notes = [];
    this.refused = [];
    this.left = [];
    this.base = undefined;
    this.withBase = true;
  }
  choice(item: Item): Choice {
    return this.choices.get(item.id) ?? new Choice();
  }
  textOf(item: Item): string {
    return this.choice(item).old ? item.arrival.before : item.arrival.text;
  }
  /** Follows the DAGs there are: a name that is taken is proposed as a new revision, an equal text is left out. */
  stand(rows: StandingRows): void {
    this.#standing = rows;
    for (const item of this.items) this.#propose(item);
  }
  /** The name must be given, well formed, and nobody else's. */
  nameFault(item: Item): "" | "bad" | "taken" | "twice" {
    const { name, how } = this.choice(item);
    if (how === "skip") return "";
    if (!/^[A-Za-z0-9._-]{1,40}$/.test(name)) return "bad";
    const twice = this.items.some((other) => other.id !== item.id && this.choice(other).how !== "skip" && this.choice(other).name === name);
    if (twice) return "twice";
    return how === "store" && this.#standing.byName.has(name) ? "taken" : "";
  }
  /** A name nobody has and nothing here asks for. */
  freeName(item: Item): string {
    const folder = item.arrival.path.split("/").at(-2)?.replace(/[^\w.-]+/g, "-") ?? "";
    const used = new Set([...this.#standing.byName.keys(), ...this.items.filter((other) => other.id !== item.id).map((other) => this.choice(other).name)]);
    const stem = folder !== "" && folder !== "dags" ? `${folder}-${item.arrival.name}` : item.arrival.name;
    for (let n = 1; ; n += 1) {
      const name = n === 1 ? stem.slice(0, 40) : `${item.arrival.name.slice(0, 35)}-${n}`;
      if (!used.has(name)) return name;
    }
  }
  /** Stores what is chosen, one after the other; what could not be stored stays, with its reason. */
  async store(commands: Commands): Promise<Outcome> {
    const wanted = this.items.filter((item) => this.choice(item).how !== "skip" && this.nameFault(item) === "");
    const standing = this.#standing;
    const done: Done[] = [];
    const stored = new Set<number>();
    this.#begin("storing", wanted.length);
    try {
      const useBase = this.base !== undefined && this.withBase;
      if (useBase) await commands.setSetting(baseSetting, this.base!.text);
      for (const item of wanted) {
        try {
          done.push(await storeOne(commands, item, this.choice(item), standing));
          stored.add(item.id);
        } catch (error) {
          this.choice(item).problem = refusalText(error);
        }
        this.done += 1;
      }
      const failed = wanted.length - done.length;
      this.items = this.items.filter((item) => !stored.has(item.id) && this.choice(item).how !== "skip");
      if (this.items.length === 0) this.clear();
      else this.base = undefined;
      return { done, failed, ...(useBase ? { base: standing.base ?? "" } : {}) };
    } finally {
      this.phase = "";
    }
  }
  #begin(phase: "reading" | "storing", of: number): void {
    this.phase = phase;
    this.done = 0;
    this.of = of;
  }
  async #add(gathered: Gathered): Promise<void> {
    const paths = [...gathered.files.keys()];
    const used = new Set<string>();
    const fresh: Item[] = [];
    const notes: (ImportNote & { path: string })[] = [];
    const base = gathered.base?.text ?? this.#standing.base;
    this.#begin("reading", gathered.texts.length);
    let since = performance.now();
    for (const { path, text } of gathered.texts) {
      const arrived = arrivalsOf({ path, text, ...(base === undefined ? {} : { base }) });
      for (const arrival of arrived.arrivals) {
        const companions = path === "" ? [] : companionsOf(path, text, paths, gathered.texts.length === 1);
        for (const { from } of companions) used.add(from);
        fresh.push({ id: this.#next++, arrival, files: companions.map(({ from, to }) => ({ path: to, bytes: gathered.files.get(from)! })) });
      }
      notes.push(...arrived.notes.map((note) => ({ ...note, path })));
      this.done += 1;
      if (performance.now() - since > sliceMs) {
        await pause();
        since = performance.now();
      }
    }
    this.choices = new Map([...this.choices, ...fresh.map((item) => [item.id, new Choice()] as const)]);
    this.items = [...this.items, ...fresh];
    for (const item of fresh) this.#propose(item);
    this.notes = [...this.notes, ...notes];
    this.refused = [...this.refused, ...gathered.refused];
    this.left = [...this.left, ...paths.filter((path) => !used.has(path))];
    if (gathered.base !== undefined) this.base = gathered.base;
  }
  #propose(item: Item): void {
    const choice = this.choice(item);
    if (choice.decided) return;
    const standing = this.#standing.byName.get(item.arrival.name);
    const isTwice = this.items.some((other) => other.id < item.id && this.choice(other).name === item.arrival.name);
    const isUnnamed = item.arrival.name === "untitled";
    choice.name = isTwice || (isUnnamed && standing !== undefined) ? this.freeName(item) : item.arrival.name;
    choice.how = isTwice || isUnnamed || standing === undefined ? "store" : standing.text === item.arrival.text ? "skip" : "replace";
  }
}
const storeOne = async (commands: Commands, { arrival, files }: Item, choice: Choice, standing: StandingRows): Promise<Done> => {
  const { name } = choice;
  const text = choice.old ? arrival.before : arrival.text;
  const { dag } = await commands.importYaml(text, { name, keepBroken: true });
  const before = standing.byName.get(name)?.text;
  const known = before === undefined || files.length === 0 ? new Set<string>() : new Set((await commands.files(dag)).map((file) => file.path));
  const kept: Done["files"][number][] = [];
  for (const { path, bytes } of files) {
    kept.push({ path, before: known.has(path) ? await commands.getFile(dag, path) : undefined });
    await commands.putFile(dag, path, bytes);
  }
  return { name, dag, files: kept, ...(before === undefined ? {} : { before }) };
};
/** New DAGs go to the bin, replaced ones get their text (and files) back. */
export const takeBack = async (commands: Commands, { done, base }: Outcome): Promise<void> => {
  for (const { name, dag, before, files } of [...done].reverse()) {
    if (before === undefined) {
      await commands.deleteDag(dag);
      continue;
    }
    await commands.importYaml(before, { name, keepBroken: true });
    for (const file of files) {
      if (file.before === undefined) await commands.deleteFile(dag, file.path);
      else await commands.putFile(dag, file.path, file.before);
    }
  }
  if (base !== undefined) await commands.setSetting(baseSetting, base);
};
export const incoming = new Incoming();
