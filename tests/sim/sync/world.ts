/** Owns the actions of the sync simulation: what a user, the network, the disk and an operator may do to clients and server. */
import type { Action, Options, SimClient, SimServer, World } from "./state.ts";
import type { Answer, Request } from "../../../src/core/replica/protocol.ts";
import type { CopyRow, EditId } from "../../../src/core/replica/row.ts";
import type { Delta, Slice } from "../../../src/core/replica/client.ts";
import type { ReplicaId } from "../../../src/core/replica/version.ts";
import type { Space, SpaceDelta } from "../../../src/core/replica/server.ts";
import type * as ClientRules from "../../../src/core/replica/client.ts";
import type * as ReceiveRules from "../../../src/core/replica/receive.ts";
import type * as ServerRules from "../../../src/core/replica/server.ts";
import type * as OwnRules from "../../../src/core/replica/own.ts";

/** The code under test, handed in so that a mutant of it can take its place. */
export interface Rules {
  readonly client: typeof ClientRules;
  readonly receive: typeof ReceiveRules;
  readonly server: typeof ServerRules;
  readonly own: typeof OwnRules;
}
export const copyOf = <T>(value: T): T => structuredClone(value);
export const isDead = (row: { siblings: readonly { deleted: boolean }[] }): boolean => row.siblings.every((s) => s.deleted);

const freshReplica = (world: World, client: number): ReplicaId => {
  const n = (world.next.replica[client] ?? 0) + 1;
  world.next.replica[client] = n;
  return `r${client}.${n}` as ReplicaId;
};
const freshCommit = (world: World): string => `c${++world.next.commit}`;

export const newWorld = (rules: Rules, options: Options): World => {
  const chain = [{ id: "E0", restoredAt: 0 }];
  const world: World = {
    clients: [],
    server: { head: { chain, ord: 0, floor: 0, undeclared: false }, commits: [""], replicas: {}, rows: {}, log: {}, collected: [], dots: {} },
    images: {}, late: [], budget: { ...options.budget },
    saw: {}, isDelete: {}, made: {}, recordOf: {}, created: {}, destroyed: {}, setAside: [],
    counts: { fork: 0, rebase: 0, restored: 0, gc: 0 },
    next: { replica: {}, edit: {}, commit: 0 }, used: -1,
  };
  for (let i = 0; i < options.clients; i++) {
    const head = rules.client.newClient(freshReplica(world, i), chain);
    world.clients.push({ head, own: [], offers: [], copy: {}, recovered: [], ghosts: {} });
  }
  return world;
};

export const sliceOf = (client: SimClient): Slice => ({
  head: client.head,
  own: client.own,
  offers: client.offers,
  copyOf: (record) => client.copy[record],
  copyOlderThan: (generation) => Object.values(client.copy).filter((row) => row.generation !== generation),
  copyDeadUpTo: (ord) => Object.values(client.copy).filter((row) => row.ord <= ord && isDead(row)),
  copyAll: () => Object.values(client.copy),
});
const store = (client: SimClient, delta: Delta): void => {
  client.head = delta.head;
  client.own = delta.own;
  client.offers = delta.offers;
  for (const row of delta.copyPut) client.copy[row.record] = row;
  for (const record of delta.copyDrop) {
    const row = client.copy[record];
    // Only what rule 23 drops was collected; what a sweep drops comes back by an offer or a page.
    if (row !== undefined && isDead(row) && row.generation === delta.head.generation) (client.ghosts[record] ??= []).push(...row.siblings.map((s) => s.e));
    delete client.copy[record];
  }
  client.recovered = [...client.recovered, ...delta.recovered];
};
const spaceOf = (server: SimServer): Space => ({
  head: server.head,
  commitAt: (ord) => server.commits[ord],
  replica: (id) => server.replicas[id],
  row: (record) => server.rows[record],
  isLogged: (e) => server.log[e] === true,
  rowsAfter: (ord, limit) => Object.values(server.rows).filter((row) => row.ord > ord).sort((a, b) => a.ord - b.ord).slice(0, limit + 1),
});
const commit = (server: SimServer, delta: SpaceDelta, id: string): void => {
  server.head = delta.head;
  if (delta.closeReplicas) server.replicas = {};
  for (const [replica, entry] of delta.replicas) server.replicas[replica] = entry;
  for (const row of delta.rows) server.rows[row.record] = row;
  for (const e of delta.logged) server.log[e] = true;
  for (const ord of delta.committed) server.commits[ord] = id;
  for (const record of delta.dropRows) {
    server.collected.push(...(server.rows[record]?.siblings.map((s) => s.e) ?? []));
    delete server.rows[record];
  }
};

const serve = (rules: Rules, world: World, request: Request): Answer => {
  const id = freshCommit(world);
  const before = world.server.replicas[request.proof.replica]?.mark;
  const served = rules.server.serve(spaceOf(world.server), request, { commit: id, pageMax: 1 });
  commit(world.server, served.delta, id);
  if (request.type === "push" && served.answer.type === "pushed") noteBatch(world, request, served.delta, before?.e ?? "");
  return served.answer;
};
const noteBatch = (world: World, request: Extract<Request, { type: "push" }>, delta: SpaceDelta, before: string): void => {
  const entry = delta.replicas.get(request.proof.replica);
  if (entry === undefined || entry.mark.e === before) return;
  request.edits.forEach((edit, i) => {
    const n = request.proof.acked.n + i + 1;
    const dot = `${request.proof.replica}#${n}`;
    const held = world.server.dots[dot];
    if (held !== undefined && held !== edit.e) world.bad = `P8 dot ${dot} is ${held} and ${edit.e}`;
    world.server.dots[dot] = edit.e;
    if (entry.setAside.includes(n))
      world.setAside.push({ e: edit.e, tombs: world.server.collected.filter((t) => world.recordOf[t] === edit.record) });
  });
};

const deliver = (rules: Rules, world: World, who: number, answer: Answer): void => {
  const client = world.clients[who];
  if (client === undefined) return;
  if (answer.type === "fork") world.counts.fork++;
  if (answer.type === "restored") world.counts.restored++;
  if (answer.type === "rebase") world.counts.rebase++;
  const go = (): void => {
    const epoch = client.head.epoch;
    store(client, rules.receive.receive(sliceOf(client), answer, () => freshReplica(world, who)));
    // What only a delete that was collected and then lost with the server could have told is not held against anybody.
    if (client.head.epoch !== epoch) client.ghosts = {};
  };
  const isOfLostServer = "proof" in answer &&
    (answer.proof.epoch !== world.server.head.chain.at(-1)?.id || world.server.commits[answer.token[0]] !== answer.token[1]);
  if (isOfLostServer) destroying(world, go);
  else go();
};

// ---- what storage holds, so that destroyed edits are not called lost
export const closure = (world: World, seed: Iterable<string>): Set<string> => {
  const out = new Set<string>();
  const todo = [...seed];
  while (todo.length > 0) {
    const e = todo.pop();
    if (e === undefined || out.has(e)) continue;
    out.add(e);
    todo.push(...(world.saw[e] ?? []));
  }
  return out;
};
const held = (world: World): Set<string> => {
  const all: string[] = [...world.server.collected];
  for (const row of Object.values(world.server.rows)) all.push(...row.siblings.map((s) => s.e));
  for (const client of world.clients) {
    for (const row of Object.values(client.copy)) all.push(...row.siblings.map((s) => s.e));
    all.push(...client.own.map((edit) => edit.e), ...client.recovered.map((r) => r.e));
    for (const offer of client.offers) all.push(...offer.siblings.map((s) => s.e));
  }
  return closure(world, all);
};
const destroying = (world: World, act: () => void): void => {
  const before = held(world);
  act();
  const after = held(world);
  for (const e of before) if (!after.has(e)) world.destroyed[e] = true;
};

const spend = (world: World, what: keyof World["budget"]): boolean => {
  if (world.budget[what] <= 0) return false;
  world.budget[what]--;
  return true;
};
const worldActions = new Set(["gc", "backup", "restore", "hand", "late"]);

/** Does one action; false when it does not apply here. */
export const step = (rules: Rules, options: Options, world: World, action: Action): boolean => {
  const [kind, who] = action;
  if (worldActions.has(kind)) return operatorStep(rules, world, action);
  const client = world.clients[who];
  if (client === undefined) return false;
  if (options.symmetric && who < options.clients) {
    if (who > world.used + 1) return false;
    world.used = Math.max(world.used, who);
  }
  switch (kind) {
    case "edit":
    case "del":
      return userStep(rules, options, world, action);
    case "push":
    case "pull":
    case "offer":
      return netStep(rules, options, world, action);
    case "deliver":
      return deliverSlow(rules, world, action);
    default:
      return diskStep(options, world, action);
  }
};

const userStep = (rules: Rules, options: Options, world: World, [kind, who, record = ""]: Action): boolean => {
  const client = world.clients[who];
  if (client === undefined) return false;
  const shown = rules.own.view(client.copy[record], client.own, rules.client.numbering(client.head), record);
  const isLive = shown?.siblings.some((s) => !s.deleted) ?? false;
  if (kind === "del" && !isLive) return false;
  if (shown === undefined && client.ghosts[record] !== undefined) return false;
  if (options.uniqueRecords && shown === undefined && world.created[record]) return false;
  if (!spend(world, kind === "del" ? "del" : "edit")) return false;
  const n = (world.next.edit[who] ?? 0) + 1;
  world.next.edit[who] = n;
  const e = `e${who}.${n}` as EditId;
  world.recordOf[e] = record;
  world.isDelete[e] = kind === "del";
  if (!isLive) world.made[e] = true;
  world.created[record] = true;
  world.saw[e] = [...(shown?.siblings.map((s) => s.e) ?? []), ...(client.ghosts[record] ?? [])];
  store(client, rules.client.recordEdit(sliceOf(client), { e, record, deleted: kind === "del", body: e }, options.absorb));
  return true;
};

const cut = (rules: Rules, options: Options, client: SimClient, kind: string): Request | undefined => {
  if (kind === "pull") return rules.client.cutPull(sliceOf(client));
  if (kind === "offer") return rules.client.cutOffer(sliceOf(client));
  const made = rules.client.cutPush(sliceOf(client), options.batch);
  if (made !== undefined) store(client, made.delta);
  return made?.request;
};
const netStep = (rules: Rules, options: Options, world: World, [kind, who, mode = "ok"]: Action): boolean => {
  const client = world.clients[who];
  if (client === undefined || (mode !== "ok" && world.budget.net <= 0)) return false;
  const request = cut(rules, options, client, kind);
  if (request === undefined) return false;
  if (mode !== "ok") world.budget.net--;
  if (kind === "push") delete client.slowPush;
  else delete client.slowPull;
  if (mode === "lost") return true;
  if (mode === "late") {
    world.late.push(copyOf(request));
    return true;
  }
  if (mode === "dup") world.late.push(copyOf(request));
  const answer = serve(rules, world, request);
  if (mode === "resp") return true;
  if (mode !== "slow") deliver(rules, world, who, answer);
  else if (kind === "push") client.slowPush = copyOf(answer);
  else client.slowPull = copyOf(answer);
  return true;
};
const deliverSlow = (rules: Rules, world: World, [, who, which]: Action): boolean => {
  const client = world.clients[who];
  const answer = which === "push" ? client?.slowPush : client?.slowPull;
  if (client === undefined || answer === undefined) return false;
  if (which === "push") delete client.slowPush;
  else delete client.slowPull;
  deliver(rules, world, who, answer);
  return true;
};

const imageOf = (client: SimClient): SimClient => {
  const { slowPush: _push, slowPull: _pull, ...kept } = client;
  return copyOf(kept);
};
const diskStep = (options: Options, world: World, [kind, who]: Action): boolean => {
  const client = world.clients[who];
  if (client === undefined) return false;
  if (kind === "clone") {
    if (world.clients.length >= options.clientsMax || !spend(world, "clone")) return false;
    world.clients.push(imageOf(client));
    return true;
  }
  if (kind === "image") {
    if (!spend(world, "image")) return false;
    world.images[who] = imageOf(client);
    return true;
  }
  if (kind === "rollback") {
    const image = world.images[who];
    if (image === undefined || !spend(world, "rollback")) return false;
    destroying(world, () => { world.clients[who] = copyOf(image); });
    return true;
  }
  if (kind === "retire") {
    const entry = world.server.replicas[client.head.replica];
    if (entry === undefined || entry.retired || !spend(world, "retire")) return false;
    world.server.replicas[client.head.replica] = { ...entry, retired: true };
    return true;
  }
  throw new Error(`no action ${kind}`);
};

/** One collection by the rules; false when there was nothing to collect. */
export const collectNow = (rules: Rules, world: World): boolean => {
  const upTo = rules.server.collectableUpTo(Object.values(world.server.replicas));
  if (upTo === undefined) return false;
  const delta = rules.server.collect(world.server.head, Object.values(world.server.rows), upTo);
  if (delta === undefined) return false;
  commit(world.server, delta, "");
  return true;
};
const operatorStep = (rules: Rules, world: World, [kind, which]: Action): boolean => {
  if (kind === "gc") {
    if (world.budget.gc <= 0 || !collectNow(rules, world)) return false;
    world.budget.gc--;
    world.counts.gc++;
    return true;
  }
  if (kind === "late") {
    const request = world.late[which];
    if (request === undefined) return false;
    world.late.splice(which, 1);
    serve(rules, world, request);
    return true;
  }
  if (kind === "backup") {
    if (!spend(world, "backup")) return false;
    world.backup = copyOf(world.server);
    return true;
  }
  const backup = world.backup;
  if (backup === undefined || !spend(world, kind === "hand" ? "hand" : "restore")) return false;
  destroying(world, () => { world.server = copyOf(backup); });
  if (kind === "restore") {
    const { head } = world.server;
    commit(world.server, rules.server.openEpoch(head, freshCommit(world), head.ord, false), "");
  }
  return true;
};
export type { CopyRow };
