/** Owns signal names and numbers, as Linux counts them. */

export const signalNumbers: Readonly<Record<string, number>> = {
  HUP: 1, INT: 2, QUIT: 3, ILL: 4, TRAP: 5, ABRT: 6, BUS: 7, FPE: 8, KILL: 9, USR1: 10, SEGV: 11, USR2: 12, PIPE: 13, ALRM: 14,
  TERM: 15, STKFLT: 16, CHLD: 17, CONT: 18, STOP: 19, TSTP: 20, TTIN: 21, TTOU: 22, URG: 23, XCPU: 24, XFSZ: 25, VTALRM: 26,
  PROF: 27, WINCH: 28, IO: 29, PWR: 30, SYS: 31,
};
const namesByNumber = new Map(Object.entries(signalNumbers).map(([name, number]) => [number, name]));
export const signalName = (number: number): string | undefined => namesByNumber.get(number);

/** Name without SIG for "TERM", "SIGTERM", "15"; "EXIT" for "0"; `undefined` when there is none. */
export const parseSignal = (text: string): string | undefined => {
  if (/^\d+$/.test(text)) return text === "0" ? "EXIT" : signalName(Number(text));
  const upper = text.toUpperCase();
  const bare = upper.startsWith("SIG") ? upper.slice(3) : upper;
  if (bare === "EXIT" || bare in signalNumbers) return bare;
  return bare === "CLD" ? "CHLD" : bare === "POLL" ? "IO" : undefined;
};

/** Signals that do nothing unless trapped. Stopping is not modelled: there is no terminal. */
export const harmless: ReadonlySet<string> = new Set(["CHLD", "CONT", "URG", "WINCH", "STOP", "TSTP", "TTIN", "TTOU"]);

/** The exit status that stands for the end by a signal. */
export const statusOf = (signal: string): number => 128 + (signalNumbers[signal] ?? 0);

/** What a shell says of a job that a signal ended. */
export const signalWords: Readonly<Record<string, string>> = {
  HUP: "Hangup", INT: "Interrupt", QUIT: "Quit", ILL: "Illegal instruction", TRAP: "Trace/breakpoint trap", ABRT: "Aborted",
  BUS: "Bus error", FPE: "Floating point exception", KILL: "Killed", USR1: "User defined signal 1", SEGV: "Segmentation fault",
  USR2: "User defined signal 2", PIPE: "Broken pipe", ALRM: "Alarm clock", TERM: "Terminated",
};
