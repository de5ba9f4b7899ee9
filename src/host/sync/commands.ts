/** Owns the commands about sync that a person or script may give in any tab: most ask the server or change rows; none needs this tab to sync. */
import { instant } from "../../core/base/brand.ts";
import { refetch } from "../../core/replica/receive.ts";
import type { Result } from "../../core/base/result.ts";
import { bucketOf, bucketText, isCounted, repairPlan, type Bucket, type Digest } from "../../core/replica/wire/digest.ts";
import type { CopyRow } from "../../core/replica/row.ts";
import type { Office } from "../../ports/sync/office.ts";
import type { SignInRefusal } from "../../ports/sync/remote.ts";
import { CommandError, type Commands, type RepairPlan } from "../commands.ts";
import { freeName, type EditWorld } from "../edit/dags.ts";
import { runId } from "../../core/base/brand.ts";
import { keepBoth, settle } from "./conflict.ts";
import { fetchRun } from "./files/pages.ts";
import type { Keeper } from "./keeper.ts";
import { materialise } from "./kinds.ts";
import { exportUnsent, syncReport } from "./files/report.ts";
import { chooseHistory } from "./watch/history.ts";

export type SyncCommands = Pick<
  Commands,
  | "isNewServer" | "connect" | "disconnect" | "syncNow" | "cancelSync" | "settleConflict" | "keepBoth" | "restoreRecovered" | "discardRecovered" | "devices" | "retireDevice"
  | "tokens" | "revokeToken" | "members" | "setMember" | "addUser" | "changePassword" | "workspaces" | "switchWorkspace" | "verify" | "repair" | "chooseHistory" | "syncReport"
  | "exportUnsent" | "requestRun" | "fetchRun"
>;
export interface SyncWorld extends EditWorld {
  readonly keeper: Keeper;
}
const said = <T>(answered: Result<T, SignInRefusal>): T => {
  if (answered.ok) return answered.value;
  const { error } = answered;
  if (error.type === "refused" || error.type === "unreadable") throw new CommandError(error.code, error.message);
  throw new CommandError(error.type, error.type === "signed-out" ? "This device has been signed off." : "The server could not be asked.");
};

export const createSyncCommands = (world: SyncWorld): SyncCommands => ({ ...tieCommands(world), ...officeCommands(world), ...rowCommands(world), ...proofCommands(world) });

const tieCommands = (world: SyncWorld): Pick<SyncCommands, "isNewServer" | "connect" | "disconnect" | "syncNow" | "cancelSync" | "chooseHistory" | "workspaces" | "switchWorkspace"> => {
  const { keeper } = world;
  const workspaces = async () => said(await keeper.gate.office(await keeper.connection()).workspaces());
  return {
    isNewServer: keeper.isNewServer,
    connect: (who, first = false) => keeper.connect(who, first),
    disconnect: keeper.disconnect,
    syncNow: keeper.now,
    cancelSync: keeper.cancel,
    chooseHistory: async (choice) => {
      await chooseHistory(world, choice, world.clock.now());
      await keeper.now();
    },
    workspaces,
    switchWorkspace: async (id) => {
      const found = (await workspaces()).find((one) => one.id === id);
      if (found === undefined) throw new CommandError("not_found", "There is no such workspace.");
      await keeper.switchTo(found);
    },
  };
};

const officeCommands = ({ keeper, store }: SyncWorld): Pick<SyncCommands, "devices" | "retireDevice" | "tokens" | "revokeToken" | "members" | "setMember" | "addUser" | "changePassword"> => {
  const office = async (): Promise<Office> => keeper.gate.office(await keeper.connection());
  return {
    devices: async () => {
      const list = said(await (await office()).devices());
      const mine = (await store.transact((tx) => tx.replica.head(), { readonly: true }))?.replica;
      return { ...list, devices: list.devices.map((device) => ({ ...device, isThis: device.replica === mine })) };
    },
    retireDevice: async (replica) => said(await (await office()).retire(replica)),
    tokens: async () => said(await (await office()).tokens()),
    revokeToken: async (token) => said(await (await office()).revoke(token)),
    members: async () => said(await (await office()).members()),
    setMember: async (user, role) => said(await (await office()).setMember(user, role)),
    addUser: async (name, password) => said(await (await office()).addUser(name, password)),
    changePassword: async (old, fresh) => said(await (await office()).changePassword(old, fresh)),
  };
};

const rowCommands = (world: SyncWorld): Pick<SyncCommands, "settleConflict" | "keepBoth" | "restoreRecovered" | "discardRecovered" | "requestRun" | "fetchRun"> => {
  const { store, ids, clock, keeper } = world;
  return {
    settleConflict: (record, choice) => settle(world, record, choice),
    keepBoth: (record) => keepBoth(world, record),
    restoreRecovered: (edit) =>
      store.transact(async (tx) => {
        const item = (await tx.replica.recovered()).find((one) => one.e === edit);
        if (item === undefined) throw new CommandError("not_found", "This edit is not there any more.");
        const { record } = item;
        if (item.reason === "too large") await tx.replica.putMarks([{ kind: record.slice(0, record.indexOf("/")), key: record.slice(record.indexOf("/") + 1) }]);
        else {
          const body = item.body as { readonly name?: string };
          const taken = record.startsWith("dag/") && body.name !== undefined ? await tx.dagByName(body.name) : undefined;
          const isTaken = taken !== undefined && `dag/${taken.id}` !== record;
          const fresh = isTaken && body.name !== undefined ? { ...body, name: await freeName(tx, body.name) } : item.body;
          await materialise(tx, [{ record, view: { ord: 0, vv: {}, dead: [], siblings: [{ e: item.e, dots: [], deleted: false, body: fresh }] } }]);
        }
        await tx.replica.dropRecovered(edit);
      }, { durability: "strict" }),
    discardRecovered: (edit) => store.transact((tx) => tx.replica.dropRecovered(edit), { durability: "strict" }),
    requestRun: async (run, action) => {
      const { user } = await keeper.connection();
      const request = ids.next();
      await store.transact(async (tx) => {
        const row = await tx.run(runId(run));
        if (row?.origin === undefined) throw new CommandError("not_found", `run ${run} of another device not found`);
        await tx.replica.putShared({ record: `request/${request}`, body: { v: 1, run, action, by: user, at: clock.now() } });
      }, { durability: "strict" });
      return { request };
    },
    fetchRun: async (run) => fetchRun({ store, remote: keeper.gate.open(await keeper.connection()) }, run),
  };
};

const proofCommands = ({ store, keeper, clock }: SyncWorld): Pick<SyncCommands, "verify" | "repair" | "syncReport" | "exportUnsent"> => ({
  verify: async () => {
    const office = keeper.gate.office(await keeper.connection());
    for (let tries = 0; tries < verifyTries; tries += 1) {
      await keeper.now();
      const plan = await compared(store, office);
      if (plan !== undefined) return plan;
    }
    throw new CommandError("busy", "The server changes too fast to compare with: try again.");
  },
  repair: async (plan) => {
    if (plan.differing.length === 0) return;
    await store.transact(async (tx) => {
      const head = await tx.replica.head();
      if (head !== undefined) await tx.replica.putHead({ ...head, ...refetch(head) });
    }, { durability: "strict" });
    await keeper.now();
  },
  syncReport: () => syncReport(store, instant(clock.now())),
  exportUnsent: () => exportUnsent(store),
});
const verifyTries = 3;

/** Undefined: the copy was not complete to the server's head at that moment. */
const compared = async (store: SyncWorld["store"], office: Office): Promise<RepairPlan | undefined> => {
  const theirs: Bucket[] = [];
  let head = 0;
  let floor = 0;
  for (let from: number | undefined = 0; from !== undefined; ) {
    const part: Digest = said(await office.digest(from));
    if (theirs.length > 0 && part.head !== head) return undefined;
    theirs.push(...part.buckets);
    ({ head, floor } = part);
    from = part.next;
  }
  const here = await store.transact(async (tx) => ({ seen: (await tx.replica.head())?.seen, rows: await tx.replica.copyAll() }), { readonly: true });
  if (here.seen !== head) return undefined;
  const mine = await bucketsOf(here.rows, floor);
  return { checked: theirs.length, differing: repairPlan(mine, theirs), head };
};
const bucketsOf = async (rows: readonly CopyRow[], floor: number): Promise<readonly Bucket[]> => {
  const groups = new Map<number, CopyRow[]>();
  for (const row of rows) {
    if (!isCounted(row, floor)) continue;
    const known = groups.get(bucketOf(row.ord));
    if (known === undefined) groups.set(bucketOf(row.ord), [row]);
    else known.push(row);
  }
  return Promise.all([...groups].map(async ([bucket, held]) => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(bucketText(held)));
    return { bucket, count: held.length, hash: [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("") };
  }));
};
