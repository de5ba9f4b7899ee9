/** Owns PostgreSQL on Node: loaded when first used. */
import type { OpenPostgres } from "../worker/kinds/postgres/engine.ts";

export const openNodePostgres: OpenPostgres = async (assets, bytes, limits) => {
  const { openPostgres } = await import("../worker/kinds/postgres/engine.ts");
  return openPostgres(assets, bytes, limits);
};
