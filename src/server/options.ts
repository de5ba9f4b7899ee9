/** Owns the server's command line: what it takes, and what is wrong with it, in words. */
import { parseArgs } from "node:util";
import { err, ok, type Result } from "../core/base/result.ts";

export interface ServerOptions {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly tls?: { readonly cert: string; readonly key: string };
}
export const usage = `npm start -- [--port 4680] [--host localhost] [--data DIR] [--tls-cert FILE --tls-key FILE]`;

export const readOptions = (argv: readonly string[]): Result<ServerOptions, string> => {
  let values: Record<string, string | undefined>;
  try {
    const options = Object.fromEntries(["port", "host", "data", "tls-cert", "tls-key"].map((name) => [name, { type: "string" as const }]));
    values = parseArgs({ args: [...argv], options, strict: true }).values as Record<string, string | undefined>;
  } catch (error) {
    return err(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
  const port = Number(values["port"] ?? 4680);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return err(`--port wants a number from 0 to 65535, not "${values["port"]}"`);
  const [cert, key] = [values["tls-cert"], values["tls-key"]];
  if ((cert === undefined) !== (key === undefined)) return err("--tls-cert and --tls-key go together: give both files or neither");
  return ok({
    port, host: values["host"] ?? "localhost", data: values["data"] ?? "data",
    ...(cert === undefined || key === undefined ? {} : { tls: { cert, key } }),
  });
};

const isLocal = (host: string): boolean => ["localhost", "127.0.0.1", "::1"].includes(host);
/** What to tell whoever starts the server for other machines without a certificate. */
export const plainHttpWarning = ({ host, tls }: ServerOptions): string | undefined =>
  tls !== undefined || isLocal(host)
    ? undefined
    : "Warning: no certificate. Outside localhost browsers give service workers, file storage and locks to HTTPS only, so from other\n" +
      "machines the app will say what is missing instead of running. Start with --tls-cert FILE --tls-key FILE, or put an HTTPS proxy in front.";
