/** Owns the shapes of a corpus case and of what an engine reports about it. Refuses to know where cases come from and how they are played. */

export interface CaseAction {
  readonly do: "start" | "stop" | "retry" | "retry-step" | "approve" | "reject" | "push-back";
  readonly afterMs?: number;
  readonly step?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly reason?: string;
  /** Name of the sub-DAG whose run is meant. */
  readonly child?: string;
}
export interface Case {
  readonly title: string;
  readonly params: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
  readonly workdir: "case" | "run";
  readonly actions: readonly CaseAction[];
  readonly compare: {
    readonly error?: string;
    readonly files?: readonly string[];
    readonly order?: readonly (readonly [string, string])[];
    readonly actions?: boolean;
  };
  readonly needs: readonly string[];
}
export interface CaseFolder {
  readonly topic: string;
  readonly slug: string;
  readonly text: string;
  readonly case: Case;
  readonly expect: unknown;
}
export interface NodeReport {
  readonly name: string;
  readonly status: string;
  readonly exitCode?: number;
  readonly retryCount: number;
  readonly doneCount: number;
  readonly error?: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly reason?: string;
  readonly iteration?: number;
  readonly pushBackInputs?: Readonly<Record<string, string>>;
}
export interface SubRunReport {
  readonly node: string;
  readonly name: string;
  readonly params: string;
  readonly status: string | null;
  readonly outputs: Readonly<Record<string, string>>;
  readonly nodes: readonly { readonly name: string; readonly status: string }[];
  readonly subRuns: readonly SubRunReport[];
}
export interface ActionReport {
  readonly do: string;
  readonly ok: boolean;
  readonly code?: string;
}
export interface CaseReport {
  readonly startError: string | null;
  readonly validateError: null;
  readonly runStatus: string | null;
  readonly nodes: readonly NodeReport[];
  readonly handlers: Readonly<Record<string, { readonly status: string; readonly stdout: string; readonly stderr: string }>>;
  readonly labels: readonly string[];
  readonly actions: readonly ActionReport[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string | null>>;
  readonly order: readonly { readonly pair: readonly string[]; readonly ok: boolean }[];
  readonly subRuns: readonly SubRunReport[];
}
/** What we do otherwise on purpose: cases that need the original's behaviour are passed over. */
export const lacking: readonly string[] = ["child-not-resumed", "env-reevaluated-on-resume", "signals"];
