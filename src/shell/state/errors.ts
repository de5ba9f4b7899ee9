/** Owns the errors that unwind an interpreter: what ends a line, a script, a process. None of them is a bug. */

/** `exit`: the shell process ends with `status`. */
export class ExitShell {
  readonly status: number;
  constructor(status: number) {
    this.status = status;
  }
}
/**
 * An expansion or assignment failed; the message is for stderr (without the shell's name). "line" drops the rest of the line,
 * "shell" ends a non-interactive shell, "command" only fails the command.
 */
export class ShellError {
  readonly message: string;
  readonly scope: "command" | "line" | "shell";
  readonly status: number | undefined;
  constructor(message: string, scope: "command" | "line" | "shell", status?: number) {
    this.message = message;
    this.scope = scope;
    this.status = status;
  }
}
