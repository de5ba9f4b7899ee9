/** Owns the expansion of a step of a custom type into a built-in one (contract 4.3). */
import type { Faults } from "../decode/texts.ts";
import type { MapTree } from "../yaml/tree.ts";

export const expandCustom = (map: MapTree, _name: string, _type: MapTree, _faults: Faults): MapTree | undefined => map;
