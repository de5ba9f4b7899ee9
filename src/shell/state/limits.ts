/** Owns the table of limits: every one has a name, a default and a unit. Past one the shell ends with a message that names it. */

export interface Limits {
  /** Processes alive at a time. */
  readonly processesMax: number;
  /** Descriptors open at a time in one process. */
  readonly openFilesMax: number;
  /** Bytes that variables captured from commands and commands' buffers hold at a time. */
  readonly bytesMax: number;
  /** Commands, loop rounds and units of work over the whole run. */
  readonly stepsMax: number;
  /** Milliseconds from start to end. */
  readonly timeMsMax: number;
  /** Calls of functions, `source` and `eval` inside each other. */
  readonly callDepthMax: number;
}
export const defaultLimits: Limits = {
  processesMax: 1000,
  openFilesMax: 1024,
  bytesMax: 512 * 1024 * 1024,
  stepsMax: Number.MAX_SAFE_INTEGER,
  timeMsMax: Number.MAX_SAFE_INTEGER,
  callDepthMax: 4000,
};
