/** Owns the shape of declared params as this room needs it; the spec's own type fits it. */
import type { Json, JsonObject } from "../json.ts";

export interface Declared {
  readonly name?: string;
  readonly default?: string;
  readonly eval?: string;
  readonly type: "string" | "integer" | "number" | "boolean";
  readonly required: boolean;
  readonly enum?: readonly Json[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}
export interface DeclaredParams {
  readonly form: "none" | "plain" | "rich" | "schema";
  readonly declared: readonly Declared[];
  readonly schema?: JsonObject;
}
