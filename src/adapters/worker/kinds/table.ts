/** Owns the table of kinds: step type → module, each loaded when first used. */
import type { KindTable } from "../kind.ts";
import { log, noop, router, unsupported, unsupportedTypes } from "./small.ts";

const shell = async () => (await import("./shell/kind.ts")).shell;

export const kindTable: KindTable = {
  ...Object.fromEntries(unsupportedTypes.map((type) => [type, () => Promise.resolve(unsupported(type))])),
  command: shell,
  shell,
  "": shell,
  log: () => Promise.resolve(log),
  noop: () => Promise.resolve(noop),
  router: () => Promise.resolve(router),
  http: async () => (await import("./http/kind.ts")).http,
  archive: async () => (await import("./archive/kind.ts")).archive,
  template: async () => (await import("./template.ts")).template,
  sqlite: async () => (await import("./sql/kind.ts")).sqlite,
  postgres: async () => (await import("./postgres/kind.ts")).postgres,
  jq: async () => (await import("./jq/kind.ts")).jq,
};
