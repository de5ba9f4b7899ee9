/** Owns the server's command line: what it takes, and what is wrong with it, in words. */
import { parseArgs } from "node:util";
import { err, ok, type Result } from "../core/base/result.ts";
import { logLevels, type LogLevel } from "./observe/log.ts";

export interface ServerOptions {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly logLevel: LogLevel;
  /** Who knows it may read `/metrics` from anywhere; without it only this machine may. */
  readonly metricsToken?: string;
  /** Compare the built app with its sources first, and build it when they differ. */
  readonly build: boolean;
  /** Callers come through a proxy of ours: their address is in X-Forwarded-For. */
  readonly behindProxy: boolean;
}
export type ServerCommand =
  | { readonly type: "serve"; readonly options: ServerOptions }
  | { readonly type: "backup" | "restore"; readonly file: string; readonly data: string }
  | { readonly type: "restored"; readonly data: string };

export const usage = `dagbok-server [serve] [--port 4680] [--host localhost] [--data DIR] [--tls-cert FILE --tls-key FILE]
                    [--log-level ${logLevels.join("|")}] [--metrics-token TOKEN] [--no-build] [--behind-proxy]
dagbok-server backup FILE [--data DIR]    a copy of the data, also while the server runs
dagbok-server restore FILE [--data DIR]   puts a copy in the place of the data; the server must not run
dagbok-server restored [--data DIR]       says that the database was put back by other means (pg_restore)
DATABASE_URL=postgres://… uses PostgreSQL instead of DIR.`;

const names = ["port", "host", "data", "tls-cert", "tls-key", "log-level", "metrics-token"] as const;
interface Parsed {
  readonly values: Readonly<Partial<Record<(typeof names)[number], string>>>;
  readonly flags: { readonly noBuild: boolean; readonly behindProxy: boolean };
  readonly words: readonly string[];
}
const parse = (argv: readonly string[]): Result<Parsed, string> => {
  try {
    const options = { ...Object.fromEntries(names.map((name) => [name, { type: "string" as const }])), "no-build": { type: "boolean" as const }, "behind-proxy": { type: "boolean" as const } };
    const { values, positionals } = parseArgs({ args: [...argv], options, strict: true, allowPositionals: true });
    const { "no-build": noBuild, "behind-proxy": behindProxy, ...texts } = values as Record<string, string | boolean | undefined>;
    return ok({ values: texts as Parsed["values"], flags: { noBuild: noBuild === true, behindProxy: behindProxy === true }, words: positionals });
  } catch (error) {
    return err(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
};

/** The options of `serve`, which is also meant without a word. */
export const readOptions = (argv: readonly string[]): Result<ServerOptions, string> => {
  const command = readCommand(argv);
  if (!command.ok) return command;
  return command.value.type === "serve" ? ok(command.value.options) : err(usage);
};
export const readCommand = (argv: readonly string[]): Result<ServerCommand, string> => {
  const parsed = parse(argv);
  if (!parsed.ok) return parsed;
  const [type = "serve", file, ...rest] = parsed.value.words;
  const data = parsed.value.values.data ?? "data";
  if (rest.length > 0) return err(`What is "${rest.join(" ")}"?\n${usage}`);
  if (type === "backup" || type === "restore") return file === undefined ? err(`${type} wants a file\n${usage}`) : ok({ type, file, data });
  if (file !== undefined) return err(`What is "${file}"?\n${usage}`);
  if (type === "restored") return ok({ type, data });
  if (type !== "serve") return err(`There is no command "${type}"\n${usage}`);
  const options = serveOptions(parsed.value);
  return options.ok ? ok({ type, options: options.value }) : options;
};
const serveOptions = ({ values, flags }: Parsed): Result<ServerOptions, string> => {
  const port = Number(values.port ?? 4680);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return err(`--port wants a number from 0 to 65535, not "${values.port}"`);
  const [cert, key] = [values["tls-cert"], values["tls-key"]];
  if ((cert === undefined) !== (key === undefined)) return err("--tls-cert and --tls-key go together: give both files or neither");
  const level = logLevels.find((one) => one === (values["log-level"] ?? "info"));
  if (level === undefined) return err(`--log-level is one of ${logLevels.join(", ")}`);
  const metricsToken = values["metrics-token"];
  return ok({
    port, host: values.host ?? "localhost", data: values.data ?? "data", logLevel: level, build: !flags.noBuild, behindProxy: flags.behindProxy,
    ...(cert === undefined || key === undefined ? {} : { tls: { cert, key } }), ...(metricsToken === undefined ? {} : { metricsToken }),
  });
};

const isLocal = (host: string): boolean => ["localhost", "127.0.0.1", "::1"].includes(host);
/** What to tell whoever starts the server for other machines without a certificate. */
export const plainHttpWarning = ({ host, tls }: Pick<ServerOptions, "host" | "tls">): string | undefined =>
  tls !== undefined || isLocal(host)
    ? undefined
    : "Warning: no certificate. Outside localhost browsers give service workers, file storage and locks to HTTPS only, so from other\n" +
      "machines the app will say what is missing instead of running. Start with --tls-cert FILE --tls-key FILE, or put an HTTPS proxy in front.";
