/**
 * Owns the one list of things a person or script can ask for; buttons, keys, the palette and `window.dagbok` all end here.
 * Every command answers a promise and fails with `CommandError`. Words for errors live in the UI by `code`.
 */
import type { DevicesView, MemberView, TokenView, WorkspaceView } from "../ports/sync/office.ts";
import type { VaultView } from "../ports/vault.ts";

export interface IssueView {
  readonly code: string;
  readonly severity: "error" | "warning";
  /** Dotted path into the spec, "steps[2].retry_policy.limit". */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** English text. */
  readonly message: string;
  /** Values for the translated text of `code`. */
  readonly values: Readonly<Record<string, string>>;
  readonly fix?: { readonly label: string; readonly from: number; readonly to: number; readonly text: string };
}
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly code: string;
  readonly issues?: readonly IssueView[];
  constructor(code: string, message: string, issues?: readonly IssueView[]) {
    super(message);
    this.code = code;
    this.issues = issues;
  }
}
export interface RunView {
  readonly status: string;
  readonly reason?: string;
  readonly dag: string;
  readonly revision: string;
  readonly steps: readonly {
    readonly name: string;
    readonly status: string;
    readonly exitCode?: number;
    readonly retryCount: number;
    readonly doneCount: number;
  }[];
  readonly outputs: Readonly<Record<string, string>>;
}
/** How a person ends a conflict: an edit id of one side, or that as an object, or a text, or the delete. */
export type ConflictChoice = string | { readonly edit: string } | { readonly text: string } | { readonly keep: "deleted" };
/** Buckets of 1,000 ordinals in which the copy differs from the server's. */
export interface RepairPlan {
  readonly checked: number;
  readonly differing: readonly number[];
  readonly head: number;
}
export interface Commands {
  /**
   * Stores a DAG (or publishes a revision of the one with this name). Name: `name` option, the text's `name`, else "untitled-N". A text that
   * does not load is refused, but with `keepBroken` (and a name) kept as it is: listed, editable, never started.
   */
  readonly importYaml: (text: string, options?: { readonly name?: string; readonly sample?: string; readonly keepBroken?: boolean }) => Promise<{ readonly dag: string }>;
  readonly saveDraft: (dag: string, text: string) => Promise<void>;
  readonly discardDraft: (dag: string) => Promise<void>;
  /** Publishes an immutable revision; refused when `base` is no longer the head (code "conflict"), never overwrites. */
  readonly publish: (dag: string, text: string, base?: string) => Promise<{ readonly revision: string; readonly number: number }>;
  readonly renameDag: (dag: string, name: string) => Promise<void>;
  readonly deleteDag: (dag: string) => Promise<void>;
  readonly deleteRun: (run: string) => Promise<void>;
  /** Takes back the newest delete (or the named one). */
  readonly undo: (id?: string) => Promise<void>;
  readonly putFile: (dag: string, path: string, data: string | Uint8Array) => Promise<void>;
  readonly getFile: (dag: string, path: string) => Promise<Uint8Array>;
  readonly deleteFile: (dag: string, path: string) => Promise<void>;
  readonly renameFile: (dag: string, from: string, to: string) => Promise<void>;
  readonly files: (dag: string) => Promise<readonly { readonly path: string; readonly size: number; readonly mtimeMs: number }[]>;
  /** `params`: named values, or the text one would type after `--`. `draft` runs the draft text. */
  readonly start: (dag: string, options?: { readonly params?: Readonly<Record<string, string>> | string; readonly draft?: boolean }) => Promise<{ readonly run: string }>;
  readonly stop: (run: string) => Promise<void>;
  readonly retry: (run: string) => Promise<void>;
  readonly retryStep: (run: string, step: string) => Promise<void>;
  readonly approve: (run: string, step: string, inputs?: Readonly<Record<string, string>>) => Promise<void>;
  readonly reject: (run: string, step: string, reason?: string) => Promise<void>;
  readonly pushBack: (run: string, step: string, inputs?: Readonly<Record<string, string>>) => Promise<void>;
  readonly waitForEnd: (run: string, options?: { readonly timeoutMs?: number }) => Promise<string>;
  readonly run: (run: string) => Promise<RunView>;
  readonly logs: (run: string, step: string, options?: { readonly stream?: "stdout" | "stderr"; readonly attempt?: number }) => Promise<string>;
  readonly artifacts: (run: string) => Promise<readonly { readonly path: string; readonly size: number }[]>;
  readonly artifact: (run: string, path: string) => Promise<Uint8Array>;
  readonly runs: (filter?: { readonly status?: readonly string[]; readonly dag?: string; readonly limit?: number; readonly cursor?: string }) => Promise<{
    readonly rows: readonly unknown[];
    readonly next?: string;
    readonly entry: number;
  }>;
  readonly grantHost: (dag: string, host: string) => Promise<void>;
  readonly revokeHost: (dag: string, host: string) => Promise<void>;
  /** Everything (specs, revisions, folders, runs, logs, settings) in one file; and back into an empty browser. */
  readonly exportAll: () => Promise<Uint8Array>;
  readonly importAll: (bytes: Uint8Array) => Promise<void>;
  readonly setSetting: (key: string, value: string) => Promise<void>;
  /** Names, scopes and times; never a value. */
  readonly secrets: () => Promise<VaultView>;
  /** Keeps a value on this device, encrypted, for one DAG or ("") for all: what `provider: env` finds under this name. Replaces what was there. */
  readonly putSecret: (scope: string, name: string, value: string) => Promise<void>;
  readonly deleteSecret: (scope: string, name: string) => Promise<void>;
  /** From now on the secrets open only with this passphrase; unlocked until `lockSecrets` or the last tab closes. Code "weak_passphrase" under 8 characters. */
  readonly protectSecrets: (passphrase: string) => Promise<void>;
  readonly unprotectSecrets: () => Promise<void>;
  /** For every tab of this browser. Code "wrong_passphrase"; each wrong one makes the next answer later. */
  readonly unlockSecrets: (passphrase: string) => Promise<void>;
  readonly lockSecrets: () => Promise<void>;
  readonly entry: () => Promise<number>;
  /** Has this page's own server no user yet? Fails with "unreachable" or "not-dagbok" where there is none. */
  readonly isNewServer: () => Promise<boolean>;
  /** Ties this browser to its server: signs in (`first`: makes the first user), then syncs from now on. Nothing here is lost. `origin` "" = this page's own server. */
  readonly connect: (who: { readonly name: string; readonly password: string; readonly device: string; readonly origin?: string; readonly workspace?: string }, first?: boolean) => Promise<void>;
  /** Signs this browser off; no request leaves afterwards. Everything here stays. "send": unsent edits go first, and if they cannot, it is refused (code "unsent"); "keep" (default): they stay here alone. */
  readonly disconnect: (mode?: "send" | "keep") => Promise<void>;
  /** Exchanges with the server now, whichever tab does it; settles when done or refused. A second call joins the first. */
  readonly syncNow: () => Promise<void>;
  /** Ends the exchange under way; what has arrived stays. The next change or `syncNow` starts another. */
  readonly cancelSync: () => Promise<void>;
  /** Ends a conflict: by the side made by this edit, by a text of one's own, or by the delete. `record` as in the conflict list. */
  readonly settleConflict: (record: string, choice: ConflictChoice) => Promise<void>;
  /** Ends a conflict by making a DAG of its own of each other side; answers them. */
  readonly keepBoth: (record: string) => Promise<{ readonly dags: readonly string[] }>;
  /** Makes a set-aside edit the record again, as a new edit. `edit` as in the recovered list. */
  readonly restoreRecovered: (edit: string) => Promise<void>;
  readonly discardRecovered: (edit: string) => Promise<void>;
  readonly devices: () => Promise<DevicesView>;
  readonly retireDevice: (replica: string) => Promise<void>;
  readonly tokens: () => Promise<readonly TokenView[]>;
  /** Signs a device off from afar. */
  readonly revokeToken: (token: string) => Promise<void>;
  readonly members: () => Promise<readonly MemberView[]>;
  /** Null takes the member out. Fails with "last-admin" when nobody would be left. */
  readonly setMember: (user: string, role: string | null) => Promise<void>;
  readonly addUser: (name: string, password: string) => Promise<void>;
  readonly changePassword: (old: string, fresh: string) => Promise<void>;
  /** Workspaces of the signed-in user; and the move of this browser to another one: its copy is fetched anew, what is here is offered there. */
  readonly workspaces: () => Promise<readonly WorkspaceView[]>;
  readonly switchWorkspace: (workspace: string) => Promise<void>;
  /** Compares the copy with the server's, bucket by bucket, without moving it. */
  readonly verify: () => Promise<RepairPlan>;
  /** Fetches what differs again. */
  readonly repair: (plan: RepairPlan) => Promise<void>;
  /** The server went back in time: give it what is newer here, or let that go (own edits of that time become recovered items). */
  readonly chooseHistory: (choice: "upload" | "accept") => Promise<void>;
  /** Cursors, ages, sessions: everything about sync but contents and secrets, as JSON. */
  readonly syncReport: () => Promise<string>;
  /** Edits that no server has, with their bodies, as JSON. */
  readonly exportUnsent: () => Promise<string>;
  /** Asks the device that owns a run to stop or retry it; answers the id of the wish. */
  readonly requestRun: (run: string, action: "stop" | "retry") => Promise<{ readonly request: string }>;
  /** Fetches log and events of a run that another device owns, where they have been uploaded; answers whether everything is here now. */
  readonly fetchRun: (run: string) => Promise<{ readonly complete: boolean; readonly bytes: number }>;
}
/** A step wants to reach a host it was not granted: the UI asks the person; the broker waits for the answer. */
export interface GrantQuestion {
  readonly dag: string;
  readonly host: string;
  readonly run: string;
  readonly step: string;
}
