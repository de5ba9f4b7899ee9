/**
 * Owns what a tab's host offers as a whole: every command, put together from the rooms that carry them out. Whatever fails, fails with a
 * `CommandError`. Refuses to know whether this tab drives.
 */
import { dagId, type RunId } from "../../core/base/brand.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Files } from "../../ports/files.ts";
import type { Ids } from "../../ports/ids.ts";
import { isHostAllowed } from "../../ports/network.ts";
import type { Notify } from "../../ports/notify.ts";
import type { Store } from "../../ports/store.ts";
import type { Vault } from "../../ports/vault.ts";
import { CommandError, type Commands, type GrantQuestion } from "../commands.ts";
import type { Driver } from "../driver.ts";
import { exportAll, importAll } from "../edit/backup.ts";
import { createBinCommands } from "../edit/bin.ts";
import { createDagCommands, existing } from "../edit/dags.ts";
import { createSecretCommands } from "../edit/secrets.ts";
import { createFileCommands } from "../edit/files.ts";
import { createSyncCommands } from "../sync/commands.ts";
import type { Keeper } from "../sync/keeper.ts";
import { createRunCommands } from "../run-commands.ts";

export interface TabWorld {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly notify: Notify;
  readonly files: () => Files;
  readonly driver: () => Driver | undefined;
  readonly keeper: Keeper;
  readonly vault: Vault;
}
const hostPattern = /^(\*|(\*\.)?[\w.-]+(:\d+)?|\[[\da-f:]+\](:\d+)?)$/i;

export const createCommands = (world: TabWorld): Commands => {
  const { store, clock, files } = world;
  return {
    ...createDagCommands(world),
    ...createBinCommands(world),
    ...createFileCommands(world),
    ...createRunCommands(world),
    ...createSecretCommands(world),
    ...createSyncCommands(world),
    grantHost: (dag, host) =>
      store.transact(async (tx) => {
        if (!hostPattern.test(host)) throw new CommandError("bad_host", `${host} is no host name`);
        const { id } = await existing(tx, dag);
        await tx.putGrant({ dag: id, host: host.toLowerCase(), at: clock.now() });
      }),
    revokeHost: (dag, host) => store.transact(async (tx) => tx.deleteGrant((await existing(tx, dag)).id, host.toLowerCase())),
    exportAll: () => exportAll({ store, files: files() }),
    importAll: (bytes) => importAll(world, files(), bytes),
    setSetting: (key, value) => store.transact((tx) => tx.putSetting(key, value)),
    entry: () => store.transact((tx) => tx.csn(), { readonly: true }),
  };
};

/** Which DAG's grants a run lives by, and whether they name the host already. */
export const questionOf = (store: Store, asked: { readonly run: string; readonly step: string; readonly host: string }): Promise<GrantQuestion & { readonly granted: boolean }> =>
  store.transact(async (tx) => {
    const row = await tx.run(asked.run as RunId);
    const dag = row?.dag ?? "";
    const grants = await tx.grants(dagId(dag));
    return { dag, ...asked, granted: isHostAllowed(asked.host, grants.map((grant) => grant.host)) };
  }, { readonly: true });
