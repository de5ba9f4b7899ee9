/**
 * The contract with whoever asks people: may this DAG reach this host? Q1 The driving host asks, any tab may answer. Q2 A grant is a row in
 * the store; a refusal is told here. Q3 An aborted question is answered "no" and disappears.
 */
export interface Question {
  readonly dag: string;
  readonly host: string;
  readonly run: string;
  readonly step: string;
}
export interface Questions {
  /** Waits for a person. */
  readonly ask: (question: Question, signal: AbortSignal) => Promise<boolean>;
  /** Grants have changed: whoever waits for one of these goes on. */
  readonly granted: (isGranted: (question: Question) => boolean) => void;
  readonly refuse: (dag: string, host: string) => void;
  /** Tells the open questions now and after each change, oldest first; answers a function that stops. */
  readonly listen: (tell: (questions: readonly Question[]) => void) => () => void;
}
