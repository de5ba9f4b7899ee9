/**
 * Owns the shell's doors to the other runtimes: jq, node, python3, sqlite3, curl, wget as commands.
 * Each runs under the step's abort signal and network rule; each loads its runtime when first called.
 */
import type { CommandEntry, CommandTable } from "../../../../shell/contract.ts";
import type { KindWorld } from "../../kind.ts";

export type DoorWorld = Omit<KindWorld, "shell">;
export interface DoorRequest {
  readonly signal: AbortSignal;
  readonly hosts: readonly string[];
}
/** One door: the command for one request. */
export type Door = (world: DoorWorld, request: DoorRequest) => CommandEntry;

const doors: readonly Door[] = [];

export const createDoors = (world: DoorWorld) => (request: DoorRequest): CommandTable =>
  new Map(doors.map((door) => door(world, request)).map((entry) => [entry.name, entry]));
