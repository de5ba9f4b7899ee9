/**
 * Owns the shell's doors to the other runtimes: node, jq, sqlite3, python3, curl, wget as commands.
 * Each runs under the step's abort signal and network rule; each loads its runtime when first called.
 */
import type { CommandTable } from "../../../../shell/contract.ts";
import type { Door, DoorRequest, DoorWorld } from "./door.ts";
import { curlDoor, wgetDoor } from "./curl.ts";
import { jqDoor } from "./jq.ts";
import { nodeDoor } from "./node.ts";
import { pythonDoor } from "./python.ts";
import { sqliteDoor } from "./sqlite3.ts";

const doors: readonly (readonly [string, Door])[] = [
  ["node", nodeDoor], ["nodejs", nodeDoor], ["jq", jqDoor], ["sqlite3", sqliteDoor], ["curl", curlDoor], ["wget", wgetDoor],
  ["python3", pythonDoor], ["python", pythonDoor],
];

export const createDoors = (world: DoorWorld) => (request: DoorRequest): CommandTable =>
  new Map(doors.map(([name, door]) => [name, { ...door(world, request), name }]));
