/**
 * Owns the step types as data: what each may carry, which keys its `with` knows, and where it can run.
 * Refuses to know how a kind works. Source: the contract's sections 4.1 and 4.1.1.
 */

/** here: this tab runs it · backend: only a server or a Dagu can · dagu: no version of Dagbok will · later: not yet. */
export type Home = "here" | "backend" | "dagu" | "later";
export interface Capability {
  readonly command: "none" | "one" | "list";
  readonly script: boolean;
  readonly shell: boolean;
  readonly container: boolean;
  readonly call: boolean;
  readonly llm: boolean;
  readonly agent: boolean;
}
export interface Kind {
  readonly type: string;
  readonly can: Capability;
  /** Keys of `with` Dagu knows; absent = not checked. */
  readonly withKeys?: readonly string[];
  readonly home: Home;
  /** Code of the reason when `home` is not "here"; the words live in `portability.ts`. */
  readonly reason?: string;
}
const nothing: Capability = { command: "none", script: false, shell: false, container: false, call: false, llm: false, agent: false };
const command: Capability = { ...nothing, command: "list", script: true, shell: true };
const one: Capability = { ...nothing, command: "one", script: true };
const bare: Capability = { ...nothing, command: "one" };
const calls: Capability = { ...nothing, call: true };
const docker: Capability = { ...nothing, command: "list", container: true };

const sqlKeys = ["dsn", "params", "timeout", "transaction", "output_format", "headers", "null_string", "max_rows", "streaming", "output_file", "import"];
const httpKeys = ["timeout", "headers", "query", "body", "silent", "debug", "json", "format", "skip_tls_verify"];
const archiveKeys = [
  "source", "destination", "format", "compression_level", "password", "overwrite", "preserve_paths", "strip_components", "include", "exclude",
  "dry_run", "verbose", "follow_symlinks", "verify_integrity", "continue_on_error",
];
const kind = (type: string, can: Capability, home: Home, rest: { readonly withKeys?: readonly string[]; readonly reason?: string } = {}): Kind => ({ type, can, home, ...rest });
const remote = (type: string, can: Capability, reason: string): Kind => kind(type, can, "backend", { reason });

const list: readonly Kind[] = [
  kind("command", command, "here"), kind("shell", command, "here"),
  kind("http", one, "here", { withKeys: httpKeys }), kind("jq", one, "here", { withKeys: ["raw", "input"] }),
  kind("sqlite", one, "here", { withKeys: [...sqlKeys, "file_lock"] }),
  kind("postgres", one, "here", { withKeys: [...sqlKeys, "isolation_level", "advisory_lock", "max_open_conns", "max_idle_conns", "conn_max_lifetime"] }),
  kind("log", nothing, "here", { withKeys: ["message"] }), kind("noop", nothing, "here"),
  kind("template", { ...nothing, script: true }, "here", { withKeys: ["data", "output"] }),
  kind("archive", bare, "here", { withKeys: archiveKeys }),
  kind("dag", calls, "here"), kind("subworkflow", calls, "here"), kind("parallel", calls, "here"), kind("router", nothing, "here"),
  remote("mail", nothing, "needs-smtp"), remote("redis", one, "needs-socket"), remote("ssh", command, "needs-socket"), remote("sftp", nothing, "needs-socket"),
  remote("docker", docker, "needs-containers"), remote("container", docker, "needs-containers"), remote("k8s", bare, "needs-cluster"),
  remote("kubernetes", bare, "needs-cluster"), remote("harness", one, "needs-process"),
  kind("s3", bare, "later", { reason: "not-yet" }), kind("chat", { ...nothing, llm: true }, "later", { reason: "not-yet" }),
  kind("agent", { ...nothing, agent: true }, "later", { reason: "not-yet" }),
  kind("gha", nothing, "dagu", { reason: "no-executor" }), kind("github_action", nothing, "dagu", { reason: "no-executor" }),
  kind("github-action", nothing, "dagu", { reason: "no-executor" }),
];
export const kinds: ReadonlyMap<string, Kind> = new Map(list.map((item) => [item.type, item]));
export const isBuiltin = (type: string): boolean => kinds.has(type);
/** Types whose work is a command line: one of command, script, exec is needed. */
export const needsCommand: ReadonlySet<string> = new Set(["command", "shell", "docker", "container", "ssh"]);
