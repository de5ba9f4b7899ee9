/** Owns precedence (14.1): layers of variables → one lookup, and the environment of a step's process. Refuses to know how values come to be. */

export interface Entry {
  readonly name: string;
  readonly value: string;
}
/** Layers in rising precedence. */
export interface Layers {
  readonly special: readonly Entry[];
  readonly params: readonly Entry[];
  readonly dagEnv: readonly Entry[];
  readonly dotenv: readonly Entry[];
  readonly secrets: readonly Entry[];
  readonly outputs: readonly Entry[];
  /** PWD and the step's name: step env may set them. */
  readonly local: readonly Entry[];
  readonly stepEnv: readonly Entry[];
  readonly fixed: readonly Entry[];
  readonly pushBack: readonly Entry[];
}
export const noLayers: Layers = {
  special: [], params: [], dagEnv: [], dotenv: [], secrets: [], outputs: [], local: [], stepEnv: [], fixed: [], pushBack: [],
};
const order = [
  "special", "params", "dagEnv", "dotenv", "secrets", "outputs", "local", "stepEnv", "fixed", "pushBack",
] as const satisfies readonly (keyof Layers)[];

/** All variables of the scope, the winning value each; host variables are not among them. */
export const variables = (layers: Layers): Map<string, string> => {
  const found = new Map<string, string>();
  for (const layer of order) for (const { name, value } of layers[layer]) found.set(name, value);
  return found;
};

const passedNames = new Set(
  ("PATH HOME USER SHELL TMPDIR TERM EDITOR VISUAL LANG LC_ALL LC_CTYPE TZ LD_LIBRARY_PATH XDG_CONFIG_HOME XDG_DATA_HOME " +
    "XDG_CACHE_HOME XDG_STATE_HOME DOCKER_HOST DOCKER_TLS_VERIFY DOCKER_CERT_PATH DOCKER_API_VERSION").split(" "),
);
const passedPrefixes = ["DAGU_", "DAG_", "LC_", "KUBERNETES_"];
/** Whether a host variable reaches steps. */
export const isPassedToSteps = (name: string): boolean =>
  passedNames.has(name) || passedPrefixes.some((prefix) => name.startsWith(prefix));

/** Environment of a step's process: filtered host below the scope. */
export const environment = (host: Readonly<Record<string, string>>, scope: ReadonlyMap<string, string>): Map<string, string> => {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(host)) if (isPassedToSteps(name)) found.set(name, value);
  for (const [name, value] of scope) found.set(name, value);
  return found;
};
