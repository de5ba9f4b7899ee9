/** Owns the server's log: JSON lines, one per event, with what is secret cut out wherever it stands. Knows no route. */
import pino from "pino";

export const logLevels = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];
export interface Log {
  readonly error: (fields: object, message: string) => void;
  readonly warn: (fields: object, message: string) => void;
  readonly info: (fields: object, message: string) => void;
  readonly debug: (fields: object, message: string) => void;
}
const secrets = ["authorization", "token", "password", "current", "hash", "cookie"];
/** At any of the first three depths. */
const paths = secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
/** A connection string's password, in whatever text it turns up. */
export const withoutPasswords = (text: string): string => text.replaceAll(/\b(postgres(?:ql)?:\/\/[^:@/\s]*):[^@/\s]*@/g, "$1:***@").replaceAll(/\b(Bearer)\s+[\w.~+/-]+=*/gi, "$1 ***");

/** Lines go to `write`; the server's is stderr, so that what it says to people on stdout stays readable. */
export const createLog = (level: LogLevel, write: (line: string) => void): Log => {
  const log = pino(
    { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths, censor: "***" }, formatters: { level: (label) => ({ level: label }) } },
    { write: (line: string) => write(withoutPasswords(line)) },
  );
  return {
    error: (fields, message) => log.error(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    info: (fields, message) => log.info(fields, message),
    debug: (fields, message) => log.debug(fields, message),
  };
};
/** What of an error belongs into a log. */
export const errorFields = (error: unknown): { readonly error: string; readonly stack?: string } =>
  error instanceof Error ? { error: error.message, ...(error.stack === undefined ? {} : { stack: error.stack }) } : { error: String(error) };
