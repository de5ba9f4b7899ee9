/** Owns the breadth-first search of small sync worlds: every distinct state gets the whole end-of-run verdict. */
import { createHash } from "node:crypto";
import { noBudget, type Action, type Budget, type Options, type World } from "./state.ts";
import { verdict } from "./oracle.ts";
import { copyOf, newWorld, step, type Rules } from "./world.ts";

export interface SmallWorld {
  readonly name: string;
  readonly clients: number;
  readonly clientsMax?: number;
  readonly records?: readonly string[];
  readonly budget: Partial<Budget>;
}
export const smallWorlds: readonly SmallWorld[] = [
  { name: "base, three clients", clients: 3, budget: { edit: 1, del: 1, gc: 1 } },
  { name: "network", clients: 1, budget: { edit: 2, del: 1, net: 2, gc: 1 } },
  { name: "clone and retirement", clients: 1, clientsMax: 2, budget: { edit: 1, del: 1, gc: 1, clone: 1, retire: 1 } },
  { name: "retirement", clients: 2, budget: { edit: 2, del: 1, gc: 1, retire: 1 } },
  { name: "base, two records", clients: 2, records: ["a", "b"], budget: { edit: 2, del: 1, gc: 1 } },
  { name: "undeclared restore", clients: 2, budget: { edit: 2, backup: 1, hand: 1 } },
  { name: "clone with a batch in flight", clients: 1, clientsMax: 2, budget: { edit: 2, net: 1, clone: 1 } },
  { name: "restore, two donors", clients: 2, budget: { edit: 1, del: 1, gc: 1, backup: 1, restore: 1 } },
  { name: "clone", clients: 1, clientsMax: 2, budget: { edit: 2, del: 1, gc: 1, clone: 1 } },
  { name: "restore, answer lost", clients: 1, budget: { edit: 2, del: 1, net: 1, gc: 1, backup: 1, restore: 1 } },
  { name: "base", clients: 2, budget: { edit: 2, del: 1, net: 1, gc: 1 } },
  { name: "rollback", clients: 1, budget: { edit: 2, del: 1, net: 1, gc: 1, image: 1, rollback: 1 } },
];

export interface Searched {
  readonly states: number;
  readonly exhausted: boolean;
  readonly broken?: string;
  readonly trace?: readonly Action[];
}

const optionsOf = (small: SmallWorld): Options => {
  const budget: Budget = { ...noBudget, ...small.budget };
  const restores = budget.restore > 0 || budget.hand > 0;
  const noFork = budget.clone === 0 && budget.rollback === 0;
  const calm = noFork && budget.retire === 0 && !restores;
  return {
    clients: small.clients, clientsMax: small.clientsMax ?? small.clients, records: small.records ?? ["a"], batch: 0, absorb: false,
    symmetric: true, noRevive: !restores, noFork, noSetAside: calm, noRebase: calm, budget,
  };
};

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, sorted(v)]));
};
/** Commit ids are named by order of making, which differs between equal states: they are renamed by place. */
const keyOf = (world: World): string => {
  const { counts, next, ...rest } = world;
  const text = JSON.stringify(sorted({ ...rest, replicas: next.replica, edits: next.edit, forked: counts.fork > 0, rebased: counts.rebase > 0 }));
  const names = new Map<string, string>();
  const renamed = text.replaceAll(/"c\d+"/g, (name) => {
    const known = names.get(name) ?? `"k${names.size}"`;
    names.set(name, known);
    return known;
  });
  return createHash("md5").update(renamed).digest("base64");
};

const actionsOf = (options: Options, world: World): readonly Action[] => {
  const actions: Action[] = [];
  for (const [i, client] of world.clients.entries()) {
    for (const record of options.records) actions.push(["edit", i, record], ["del", i, record]);
    for (const kind of ["push", "pull", "offer"]) {
      actions.push([kind, i]);
      if (world.budget.net > 0) for (const mode of modesOf(kind)) actions.push([kind, i, mode]);
    }
    if (client.slowPush !== undefined) actions.push(["deliver", i, "push"]);
    if (client.slowPull !== undefined) actions.push(["deliver", i, "pull"]);
    for (const kind of ["clone", "image", "rollback", "retire"] as const) if (world.budget[kind] > 0) actions.push([kind, i]);
  }
  actions.push(["gc", 0]);
  for (const kind of ["backup", "restore", "hand"] as const) if (world.budget[kind] > 0) actions.push([kind, 0]);
  for (let i = 0; i < world.late.length; i++) actions.push(["late", i]);
  return actions;
};
const modesOf = (kind: string): readonly string[] =>
  kind === "push" ? ["lost", "resp", "late", "slow", "dup"] : kind === "pull" ? ["resp", "late", "slow"] : ["resp", "slow"];

/** Searches until nothing is new, a state is bad, or `statesMax` were seen. */
export const search = (rules: Rules, small: SmallWorld, statesMax: number): Searched => {
  const options = optionsOf(small);
  const first = newWorld(rules, options);
  const seen = new Set([keyOf(first)]);
  let frontier: (readonly [World, readonly Action[]])[] = [[first, []]];
  while (frontier.length > 0) {
    const next: typeof frontier = [];
    for (const [world, trace] of frontier)
      for (const action of actionsOf(options, world)) {
        const after = copyOf(world);
        if (!step(rules, options, after, action)) continue;
        const key = keyOf(after);
        if (seen.has(key)) continue;
        seen.add(key);
        const broken = verdict(rules, options, after);
        if (broken !== undefined) return { states: seen.size, exhausted: false, broken, trace: [...trace, action] };
        next.push([after, [...trace, action]]);
        if (seen.size >= statesMax) return { states: seen.size, exhausted: false };
      }
    frontier = next;
  }
  return { states: seen.size, exhausted: true };
};
