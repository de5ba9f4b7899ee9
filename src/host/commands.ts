/**
 * Owns the one list of things a person or script can ask for; buttons, keys, the palette and `window.dagbok` all end here.
 * Every command answers a promise and fails with `CommandError`. Words for errors live in the UI by `code`.
 */
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
  readonly entry: () => Promise<number>;
  /** Has this page's own server no user yet? Fails with "unreachable" or "not-dagbok" where there is none. */
  readonly isNewServer: () => Promise<boolean>;
  /** Ties this browser to its server: signs in (`first`: makes the first user), then syncs from now on. Nothing here is lost. */
  readonly connect: (who: { readonly name: string; readonly password: string; readonly device: string }, first?: boolean) => Promise<void>;
  /** Signs this browser off; everything here stays. */
  readonly disconnect: () => Promise<void>;
  /** Exchanges with the server now; settles when done or refused. */
  readonly syncNow: () => Promise<void>;
  /** Ends a conflict: the sibling made by this edit becomes the record for everybody. `record` as in the conflict list. */
  readonly settleConflict: (record: string, edit: string) => Promise<void>;
}
/** A step wants to reach a host it was not granted: the UI asks the person; the broker waits for the answer. */
export interface GrantQuestion {
  readonly dag: string;
  readonly host: string;
  readonly run: string;
  readonly step: string;
}
