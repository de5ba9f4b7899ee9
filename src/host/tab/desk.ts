/**
 * Owns the way of a command from the page to its host worker and of its error back: code, message and issues, which a message port would
 * lose of a thrown error. Refuses to know what carries the messages.
 */
import { CommandError, type Commands, type IssueView } from "../commands.ts";

export type Called =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly issues?: readonly IssueView[] };
export type CallCommand = (command: string, values: readonly unknown[]) => Promise<Called>;

/** Every command there is, in the order of the documentation. */
const names = [
  "importYaml", "saveDraft", "discardDraft", "publish", "renameDag", "deleteDag", "deleteRun", "undo", "putFile", "getFile", "deleteFile", "renameFile", "files",
  "start", "stop", "retry", "retryStep", "approve", "reject", "pushBack", "waitForEnd", "run", "logs", "artifacts", "artifact", "runs", "grantHost", "revokeHost",
  "exportAll", "importAll", "setSetting", "secrets", "putSecret", "deleteSecret", "protectSecrets", "unprotectSecrets", "unlockSecrets", "lockSecrets", "entry", "isNewServer", "connect", "disconnect", "syncNow", "settleConflict",
  "cancelSync", "keepBoth", "restoreRecovered", "discardRecovered", "devices", "retireDevice", "tokens", "revokeToken", "members", "setMember", "addUser", "changePassword", "workspaces",
  "switchWorkspace", "verify", "repair", "chooseHistory", "syncReport", "exportUnsent", "requestRun", "fetchRun",
] as const satisfies readonly (keyof Commands)[];
type Missing = Exclude<keyof Commands, (typeof names)[number]>;
/** A new command that is not listed fails to compile here. */
export const commandNames: readonly (keyof Commands)[] = names satisfies readonly (Missing extends never ? keyof Commands : never)[];

/** Anything thrown becomes code and message; what we did not foresee is "failed". */
const commandErrorOf = (error: unknown): CommandError => {
  if (error instanceof CommandError) return error;
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return new CommandError(typeof code === "string" ? code : "failed", typeof message === "string" ? message : String(error));
};

/** The host's end. Never throws: a refusal is an answer. */
export const serveCommands = (commands: () => Promise<Commands>): CallCommand => async (command, values) => {
  try {
    const offered = (await commands()) as unknown as Readonly<Record<string, (...values: readonly unknown[]) => Promise<unknown>>>;
    const work = Object.hasOwn(offered, command) ? offered[command] : undefined;
    if (work === undefined) throw new CommandError("bad_request", `there is no command ${command}`);
    return { ok: true, value: await work(...values) };
  } catch (error) {
    const { code, message, issues } = commandErrorOf(error);
    return { ok: false, code, message, ...(issues === undefined ? {} : { issues }) };
  }
};

/** The page's end: the same commands, failing with the same errors. */
export const createRemoteCommands = (call: CallCommand): Commands => {
  const remote = (command: string) => async (...values: unknown[]): Promise<unknown> => {
    const said = await call(command, values);
    if (said.ok) return said.value;
    throw new CommandError(said.code, said.message, said.issues);
  };
  return Object.freeze(Object.fromEntries(commandNames.map((name) => [name, remote(name)]))) as unknown as Commands;
};
