/**
 * Owns shell variables: values, attributes, arrays, dynamic scope. The table holds what is visible now; a function's frame keeps
 * what its locals hide and puts it back when it ends.
 */
import { AssocMap } from "./value/assoc.ts";
import { ShellError } from "./errors.ts";

export const flags = { export: 1, readonly: 2, integer: 4, lower: 8, upper: 16, nameref: 32, array: 64, map: 128, trace: 256, capital: 512 } as const;

export interface Variable {
  value: string | undefined;
  /** Indexed array, with holes. */
  list: string[] | undefined;
  map: AssocMap | undefined;
  flags: number;
  /** Function depth it is local to; 0 is global. */
  scope: number;
  /** Another shell process shares the list or map: copy before writing. */
  shared: boolean;
}
/** A variable the shell computes (`RANDOM`, `LINENO`). */
export interface Dynamic {
  readonly get: () => string | readonly string[];
  readonly set?: (value: string) => void;
}
/** What a name means after namerefs: a variable, or one element of it. */
export interface Target {
  readonly name: string;
  readonly index: string | undefined;
}
interface Hidden {
  readonly name: string;
  readonly before: Variable | undefined;
}
export type Frame = Hidden[];
const refsMax = 10;

export class Variables {
  private table = new Map<string, Variable>();
  frames: Frame[] = [];
  readonly dynamic = new Map<string, Dynamic>();
  private envCache: ReadonlyMap<string, string> | undefined;
  /** Evaluates arithmetic for integer variables and indexes; set by the shell. */
  evaluate: (text: string) => string = (text) => text;
  /** Told after `IFS` or another watched name may have changed. */
  onChange: ((name: string) => void) | undefined;

  fork(): Variables {
    const copy = new Variables();
    for (const [name, v] of this.table) copy.table.set(name, share(v));
    copy.frames = this.frames.map((frame) => [...frame]);
    copy.envCache = this.envCache;
    return copy;
  }

  // ── reading ──

  find(name: string): Variable | undefined {
    return this.table.get(name);
  }
  names(): string[] {
    return [...this.table.keys()];
  }
  /** Follows namerefs. */
  target(name: string): Target {
    let current: Target = { name, index: undefined };
    for (let i = 0; i < refsMax; i++) {
      const v = this.table.get(current.name);
      if (v === undefined || (v.flags & flags.nameref) === 0 || v.value === undefined || v.value === "") return current;
      const open = v.value.indexOf("[");
      current = open < 0 ? { name: v.value, index: undefined } : { name: v.value.slice(0, open), index: v.value.slice(open + 1, -1) };
    }
    return current;
  }
  /** The value a plain `$name` gives; `undefined` when unset. */
  get(name: string): string | undefined {
    const v = this.table.get(name);
    if (v === undefined) return this.getDynamic(name);
    if ((v.flags & flags.nameref) !== 0) return this.getThrough(name);
    return v.list !== undefined ? v.list[0] : v.map !== undefined ? v.map.get("0") : v.value;
  }
  private getDynamic(name: string): string | undefined {
    const found = this.dynamic.get(name)?.get();
    return typeof found === "string" || found === undefined ? found : found[0];
  }
  private getThrough(name: string): string | undefined {
    const target = this.target(name);
    if (target.index !== undefined) return this.getElement(target.name, target.index);
    return target.name === name ? this.table.get(name)?.value : this.get(target.name);
  }
  getElement(name: string, index: string): string | undefined {
    const target = this.target(name);
    const v = this.table.get(target.name);
    if (v === undefined) {
      const found = this.dynamic.get(target.name)?.get();
      if (found === undefined) return undefined;
      const list = typeof found === "string" ? [found] : found;
      return list[this.indexOf(index, list.length, target.name)];
    }
    if (v.map !== undefined) return v.map.get(index);
    if (v.list !== undefined) return v.list[this.indexOf(index, v.list.length, target.name)];
    return this.indexOf(index, 1, target.name) === 0 ? v.value : undefined;
  }
  isMap(name: string): boolean {
    const v = this.table.get(this.target(name).name);
    return v?.map !== undefined || (v !== undefined && (v.flags & flags.map) !== 0);
  }
  /** Values of all elements; a scalar is a list of one. */
  values(name: string): string[] {
    return this.entries(name).map((entry) => entry[1]);
  }
  /** Keys and values of all elements, in order of index or insertion. */
  entries(name: string): (readonly [string, string])[] {
    const target = this.target(name);
    const v = this.table.get(target.name);
    if (v === undefined) {
      const found = this.dynamic.get(target.name)?.get();
      if (found === undefined) return [];
      return (typeof found === "string" ? [found] : found).map((value, i) => [String(i), value] as const);
    }
    if (v.map !== undefined) return [...v.map];
    if (v.list !== undefined) {
      const found: (readonly [string, string])[] = [];
      v.list.forEach((value, i) => found.push([String(i), value]));
      return found;
    }
    return v.value === undefined ? [] : [["0", v.value]];
  }
  private indexOf(index: string, length: number, name: string): number {
    const n = Number(/^\d+$/.test(index) ? index : this.evaluate(index));
    const at = n < 0 ? n + length : n;
    if (at < 0) throw new ShellError(`${name}[${index}]: bad array subscript`, "command", 1);
    return at;
  }

  // ── writing ──

  private writable(name: string): Variable {
    let v = this.table.get(name);
    if (v === undefined) {
      v = { value: undefined, list: undefined, map: undefined, flags: 0, scope: 0, shared: false };
      this.table.set(name, v);
      return v;
    }
    if ((v.flags & flags.readonly) !== 0) throw new ShellError(`${name}: readonly variable`, "line", 1);
    if (v.shared) {
      v.list = v.list === undefined ? undefined : v.list.slice();
      v.map = v.map?.copy();
      v.shared = false;
    }
    return v;
  }
  private shape(v: Variable, value: string): string {
    if ((v.flags & (flags.integer | flags.lower | flags.upper | flags.capital)) === 0) return value;
    if ((v.flags & flags.integer) !== 0) return this.evaluate(value);
    if ((v.flags & flags.capital) !== 0) return value.slice(0, 1).toUpperCase() + value.slice(1).toLowerCase();
    return (v.flags & flags.lower) !== 0 ? lowerAscii(value) : upperAscii(value);
  }
  private changed(name: string, v: Variable): void {
    if ((v.flags & flags.export) !== 0) this.envCache = undefined;
    this.onChange?.(name);
  }
  set(name: string, value: string, append = false): void {
    const dynamic = this.dynamic.get(name);
    if (dynamic !== undefined && !this.table.has(name)) return dynamic.set?.(value);
    const existing = this.table.get(name);
    if (existing !== undefined && (existing.flags & flags.nameref) !== 0) {
      const target = this.target(name);
      if (target.name !== name || target.index !== undefined) return this.setTarget(target, value, append);
    }
    const v = this.writable(name);
    if (v.list !== undefined) v.list[0] = this.joined(v, v.list[0], value, append);
    else if (v.map !== undefined) v.map.set("0", this.joined(v, v.map.get("0"), value, append));
    else if ((v.flags & (flags.array | flags.map)) !== 0) return this.setElement(name, "0", value, append);
    else v.value = this.joined(v, v.value, value, append);
    this.changed(name, v);
  }
  private setTarget(target: Target, value: string, append: boolean): void {
    if (target.index !== undefined) this.setElement(target.name, target.index, value, append);
    else this.set(target.name, value, append);
  }
  private joined(v: Variable, before: string | undefined, value: string, append: boolean): string {
    if (!append) return this.shape(v, value);
    if ((v.flags & flags.integer) !== 0) return this.evaluate(`${before ?? "0"}+(${value})`);
    return this.shape(v, (before ?? "") + value);
  }
  setElement(givenName: string, index: string, value: string, append = false): void {
    const { name } = this.target(givenName);
    const v = this.writable(name);
    if (v.map !== undefined || (v.flags & flags.map) !== 0) {
      v.map ??= new AssocMap();
      v.map.set(index, this.joined(v, v.map.get(index), value, append));
    } else {
      const list = this.toList(v);
      const at = this.indexOf(index, list.length, name);
      list[at] = this.joined(v, list[at], value, append);
    }
    this.changed(name, v);
  }
  private toList(v: Variable): string[] {
    if (v.list === undefined) {
      v.list = v.value === undefined ? [] : [v.value];
      v.value = undefined;
      v.flags |= flags.array;
    }
    return v.list;
  }
  /** Replaces the whole value by a list. */
  setList(givenName: string, values: readonly string[]): void {
    const { name } = this.target(givenName);
    const v = this.writable(name);
    v.value = undefined;
    v.map = undefined;
    v.list = values.map((value) => this.shape(v, value));
    v.flags = (v.flags | flags.array) & ~flags.map;
    this.changed(name, v);
  }
  /** Readies a compound assignment: an empty (or with `append` the present) list or map. */
  openCompound(givenName: string, append: boolean): { readonly name: string; readonly next: number; readonly isMap: boolean } {
    const { name } = this.target(givenName);
    const v = this.writable(name);
    if (v.map !== undefined || (v.flags & flags.map) !== 0) {
      v.map = append && v.map !== undefined ? v.map : new AssocMap();
      v.value = undefined;
      return { name, next: 0, isMap: true };
    }
    if (append) return { name, next: this.toList(v).length, isMap: false };
    v.value = undefined;
    v.list = [];
    v.flags |= flags.array;
    return { name, next: 0, isMap: false };
  }
  /** Finds or makes the variable that attributes apply to, as it stands in the present scope. */
  declare(name: string, on: number, off: number): Variable {
    let v = this.table.get(name);
    if (v === undefined) {
      v = { value: undefined, list: undefined, map: undefined, flags: 0, scope: 0, shared: false };
      this.table.set(name, v);
    }
    if (v.shared) {
      v.list = v.list === undefined ? undefined : v.list.slice();
      v.map = v.map?.copy();
      v.shared = false;
    }
    if ((v.flags & flags.readonly) !== 0 && (off & flags.readonly) !== 0) throw new ShellError(`${name}: readonly variable`, "command", 1);
    v.flags = (v.flags | on) & ~off;
    if ((on & flags.map) !== 0 && v.map === undefined && v.value !== undefined) {
      v.map = new AssocMap();
      v.map.set("0", v.value);
      v.value = undefined;
    } else if ((on & flags.array) !== 0 && v.list === undefined && v.map === undefined && v.value !== undefined) this.toList(v);
    if (((on | off) & flags.export) !== 0) this.envCache = undefined;
    return v;
  }
  unset(name: string): void {
    const v = this.table.get(name);
    if (v === undefined) return;
    if ((v.flags & flags.readonly) !== 0) throw new ShellError(`${name}: cannot unset: readonly variable`, "command", 1);
    if (v.scope === 0) this.table.delete(name);
    else if (v.scope === this.frames.length) this.table.set(name, { value: undefined, list: undefined, map: undefined, flags: 0, scope: v.scope, shared: false });
    else this.reveal(name, v.scope);
    this.changed(name, v);
  }
  /** Unsetting a caller's local shows what it hid. */
  private reveal(name: string, scope: number): void {
    const frame = this.frames[scope - 1];
    const at = frame?.findIndex((hidden) => hidden.name === name) ?? -1;
    const before = at < 0 ? undefined : (frame as Frame).splice(at, 1)[0]?.before;
    if (before === undefined) this.table.delete(name);
    else this.table.set(name, before);
  }
  unsetElement(givenName: string, index: string): void {
    const { name } = this.target(givenName);
    const v = this.table.get(name);
    if (v === undefined) return;
    const w = this.writable(name);
    if (w.map !== undefined) w.map.delete(index);
    else if (w.list !== undefined) {
      const at = this.indexOf(index, w.list.length, name);
      if (at === w.list.length - 1) {
        w.list.length = at;
        while (w.list.length > 0 && !(w.list.length - 1 in w.list)) w.list.length--;
      } else delete w.list[at];
    } else if (this.indexOf(index, 1, name) === 0) w.value = undefined;
    this.changed(name, w);
  }

  // ── scope ──

  pushFrame(): void {
    this.frames.push([]);
  }
  popFrame(): void {
    const frame = this.frames.pop() as Frame;
    for (let i = frame.length - 1; i >= 0; i--) {
      const { name, before } = frame[i] as Hidden;
      const now = this.table.get(name);
      if (before === undefined) this.table.delete(name);
      else this.table.set(name, before);
      if (((now?.flags ?? 0) & flags.export) !== 0 || ((before?.flags ?? 0) & flags.export) !== 0) this.envCache = undefined;
      this.onChange?.(name);
    }
  }
  /** Makes `name` local to the present function. `inherit` keeps the value it hides (dash, `local -`). */
  makeLocal(name: string, inherit: boolean): Variable {
    const depth = this.frames.length;
    const before = this.table.get(name);
    if (before !== undefined && before.scope === depth) return before;
    if (before !== undefined && (before.flags & flags.readonly) !== 0) throw new ShellError(`${name}: readonly variable`, "command", 1);
    (this.frames[depth - 1] as Frame).push({ name, before });
    const v: Variable = inherit && before !== undefined
      ? { ...share(before), scope: depth }
      : { value: undefined, list: undefined, map: undefined, flags: (before?.flags ?? 0) & flags.export, scope: depth, shared: false };
    this.table.set(name, v);
    this.onChange?.(name);
    return v;
  }
  /** Brings the global of this name into view, below all locals; the answer puts the local back. */
  enterGlobal(name: string): () => void {
    const visible = this.table.get(name);
    const frame = visible === undefined || visible.scope === 0 ? undefined : this.frames.find((f) => f.some((hidden) => hidden.name === name));
    if (visible === undefined || frame === undefined) return () => undefined;
    const at = frame.findIndex((hidden) => hidden.name === name);
    const { before } = frame[at] as Hidden;
    if (before === undefined) this.table.delete(name);
    else this.table.set(name, before);
    return () => {
      frame[at] = { name, before: this.table.get(name) };
      this.table.set(name, visible);
    };
  }

  /** What children see: exported variables that have a value. */
  environment(): ReadonlyMap<string, string> {
    if (this.envCache === undefined) {
      const env = new Map<string, string>();
      for (const [name, v] of this.table) {
        if ((v.flags & flags.export) !== 0 && v.value !== undefined) env.set(name, v.value);
      }
      this.envCache = env;
    }
    return this.envCache;
  }
}

const share = (v: Variable): Variable => {
  if (v.list === undefined && v.map === undefined) return { value: v.value, list: undefined, map: undefined, flags: v.flags, scope: v.scope, shared: false };
  v.shared = true;
  return { ...v };
};
const lowerAscii = (text: string): string => text.replace(/[A-Z]/g, (c) => c.toLowerCase());
const upperAscii = (text: string): string => text.replace(/[a-z]/g, (c) => c.toUpperCase());
