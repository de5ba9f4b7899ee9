/** Owns the shape of a door: a shell command that reaches another runtime, made for one request. */
import type { CommandEntry } from "../../../../shell/contract.ts";
import type { KindWorld } from "../../kind.ts";

export type DoorWorld = Omit<KindWorld, "shell">;
export interface DoorRequest {
  readonly signal: AbortSignal;
  readonly hosts: readonly string[];
}
export type Door = (world: DoorWorld, request: DoorRequest) => CommandEntry;
