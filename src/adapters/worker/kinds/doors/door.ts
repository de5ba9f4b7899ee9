/** Owns the shape of a door: a shell command that reaches another runtime, made for one request. */
import type { CommandEntry } from "../../../../shell/contract.ts";
import type { KindWorld } from "../../kind.ts";

export type DoorWorld = Omit<KindWorld, "shell">;
export interface DoorRequest {
  readonly signal: AbortSignal;
  readonly hosts: readonly string[];
  /** Wall clock ms at which synchronous runtimes interrupt themselves; Infinity = none. */
  readonly deadlineMs: number;
  /** A named limit ended the command: the step's reason, if the step fails. */
  readonly limited: (limit: string) => void;
}
export type Door = (world: DoorWorld, request: DoorRequest) => CommandEntry;
