/**
 * Owns the values of secrets, resolved just before the work: what a DAG declares, and what its caller lent it. A caller's secret is known in
 * the child as `^NAME` (its caller's as `^^NAME`): a name in a seal, never a variable.
 */
import type { Lent } from "../../../core/run/event.ts";
import type { EnvEntry, Secret } from "../../../core/spec/dag.ts";
import { unseal, unsealJson } from "../../../core/value/seal.ts";
import type { AttemptOrder, RunPlaces, Scope } from "../../../ports/executor.ts";
import type { Files } from "../../../ports/files.ts";
import type { VaultAnswer } from "../../../ports/vault.ts";
import { findFile, readTextFile } from "../files/whole.ts";
import { dagDirectory, hostNames } from "./scene.ts";

export type Secrets = { readonly ok: true; readonly values: readonly EnvEntry[] } | { readonly ok: false; readonly message: string };
export interface SecretsWorld {
  readonly files: Files;
  /** Asks the keeper for the values that the DAG `level` callers above declares; absent = there is no keeper. */
  readonly vault?: (level: number) => Promise<VaultAnswer>;
}
interface Declared {
  readonly dag: { readonly secrets: readonly Secret[]; readonly workingDir?: string };
  readonly scope: Scope;
  readonly places: RunPlaces;
  readonly level: number;
}
const fault = (secret: Secret, why: string): Secrets => ({ ok: false, message: `failed to resolve secrets: failed to resolve secret "${secret.name}": ${why}` });
const closed: Readonly<Record<"locked" | "damaged", string>> = {
  locked: "the secrets of this device are locked: unlock them in Settings, Secrets, then run again",
  damaged: "its kept value does not open: set it again in Settings, Secrets",
};

/** Values of the declared secrets, in order. Keys are literal. `env`: the DAG's own scope, then the keeper's secrets, then the host. */
export const resolveSecrets = async ({ dag, scope, places, level }: Declared, { files, vault }: SecretsWorld): Promise<Secrets> => {
  const values: EnvEntry[] = [];
  const known = new Map([scope.special, scope.params, scope.dagEnv].flat().map(({ name, value }) => [name, value]));
  const bases = [dagDirectory(dag, places, scope), places.folder];
  let kept: VaultAnswer | undefined;
  for (const secret of dag.secrets) {
    if (secret.provider === "env") {
      if (!known.has(secret.key)) kept ??= (await vault?.(level)) ?? { ok: true, values: {} };
      if (kept?.ok === false && kept.name === secret.key) return fault(secret, closed[kept.reason]);
      const value = known.get(secret.key) ?? (kept?.ok === true && Object.hasOwn(kept.values, secret.key) ? kept.values[secret.key] : hostNames(scope.host).host(secret.key));
      if (value === undefined) return fault(secret, `environment variable "${secret.key}" is not set`);
      values.push({ name: secret.name, value });
    } else if (secret.provider === "file") {
      const path = await findFile(files, secret.key, bases);
      if (path === undefined) return fault(secret, `secret file not found: ${secret.key}`);
      values.push({ name: secret.name, value: await readTextFile(files, path) });
    } else return fault(secret, `provider "${secret.provider}" needs a backend and does not run here`);
  }
  return { ok: true, values };
};

/** What the callers lent, under its names here. */
export const borrow = async (lent: Lent | undefined, host: Scope["host"], world: SecretsWorld, level = 1): Promise<Secrets> => {
  if (lent === undefined) return { ok: true, values: [] };
  const above = await borrow(lent.lent, host, world, level + 1);
  if (!above.ok) return above;
  const opened = opener(above.values);
  const scope: Scope = {
    host, params: opened.entries(lent.params), dagEnv: opened.entries(lent.dagEnv), dotenv: [], secrets: [], outputs: [], pushBack: [], special: lent.special, fixed: [],
  };
  const places: RunPlaces = { folder: lent.folder, work: lent.work, stdoutLog: "", stderrLog: "", ...(lent.inherited === undefined ? {} : { inherited: lent.inherited }) };
  const own = await resolveSecrets({ dag: lent, scope, places, level }, world);
  return own.ok ? { ok: true, values: lentNames([...own.values, ...above.values]) } : own;
};
/** As a child knows them. */
export const lentNames = (values: readonly EnvEntry[]): readonly EnvEntry[] => values.map(({ name, value }) => ({ name: `^${name}`, value }));

interface Opener {
  readonly text: (text: string) => string;
  readonly entries: (entries: readonly EnvEntry[]) => readonly EnvEntry[];
}
const opener = (values: readonly EnvEntry[]): Opener => {
  const text = (sealed: string): string => unseal(sealed, values);
  return { text, entries: (entries) => (values.length === 0 ? entries : entries.map(({ name, value }) => ({ name, value: text(value) }))) };
};
const jsonNames: ReadonlySet<string> = new Set(["DAG_PARAMS_JSON", "DAGU_PARAMS_JSON"]);

/** A scope in which sealed values are open again: params and DAG env hold what callers lent, outputs the DAG's own as well. */
export const openScope = (scope: Scope, borrowed: readonly EnvEntry[]): Scope => {
  const own = [...scope.secrets, ...borrowed];
  if (own.length === 0) return scope;
  const [all, lent] = [opener(own), opener(borrowed)];
  return {
    ...scope, outputs: all.entries(scope.outputs), params: lent.entries(scope.params), dagEnv: lent.entries(scope.dagEnv),
    fixed: borrowed.length === 0 ? scope.fixed : scope.fixed.map(({ name, value }) => ({ name, value: jsonNames.has(name) ? unsealJson(value, borrowed) : value })),
  };
};

/** An order with everything it needs to know of secrets. */
export interface Filled extends AttemptOrder {
  readonly borrowed: readonly EnvEntry[];
}
/** All that is secret to this execution, under the names of seals. */
export const secretsOf = ({ scope, borrowed }: Filled): readonly EnvEntry[] => [...scope.secrets, ...borrowed];

export const fillOrder = async (order: AttemptOrder, world: SecretsWorld): Promise<{ readonly ok: true; readonly order: Filled } | Extract<Secrets, { ok: false }>> => {
  const borrowed = await borrow(order.lent, order.scope.host, world);
  if (!borrowed.ok) return borrowed;
  const open = openScope(order.scope, borrowed.values);
  const own = order.dag.secrets.length === 0 ? ({ ok: true, values: [] } as const) : await resolveSecrets({ ...order, scope: open, level: 0 }, world);
  if (!own.ok) return own;
  return { ok: true, order: { ...order, scope: { ...order.scope, secrets: own.values }, borrowed: borrowed.values } };
};
