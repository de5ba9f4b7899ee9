/** Owns the `Files` port across a message port: one call, one answer, in order. Refusals travel as code and path. */
import type { Files } from "../../ports/files.ts";

const operations = [
  "stat", "read", "write", "create", "truncate", "mkdir", "readdir", "unlink", "rmdir", "rename", "symlink", "readlink", "chmod", "utimes", "removeTree", "provide",
] as const satisfies readonly (keyof Files)[];
type Operation = (typeof operations)[number];
type Loose = (...values: readonly unknown[]) => unknown;

interface Call {
  readonly id: number;
  readonly operation: Operation;
  readonly values: readonly unknown[];
}
type Answer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly message: string; readonly code?: string; readonly path?: string };

export const createRemoteFiles = (line: MessagePort): Files => {
  let last = 0;
  const waiting = new Map<number, { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }>();
  line.onmessage = ({ data }: MessageEvent<Answer>) => {
    const asked = waiting.get(data.id);
    if (asked === undefined) return;
    waiting.delete(data.id);
    if (data.ok) asked.resolve(data.value);
    else asked.reject(Object.assign(new Error(data.message), { code: data.code, path: data.path }));
  };
  const call = (operation: Operation, values: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      line.postMessage({ id: last, operation, values } satisfies Call);
    });
  return Object.fromEntries(operations.map((operation) => [operation, (...values: unknown[]) => call(operation, values)])) as unknown as Files;
};

/** Answers calls that arrive on `line` from `files`, for ever. */
export const serveFiles = (files: Files, line: MessagePort): void => {
  const answer = async ({ id, operation, values }: Call): Promise<void> => {
    try {
      const done = (files[operation] as Loose)(...values);
      const value = done instanceof Promise ? await done : done;
      const message: Answer = { id, ok: true, value };
      if (value instanceof Uint8Array && value.byteLength === value.buffer.byteLength) line.postMessage(message, [value.buffer as ArrayBuffer]);
      else line.postMessage(message);
    } catch (error) {
      const { code, path } = error as { readonly code?: string; readonly path?: string };
      line.postMessage({ id, ok: false, message: error instanceof Error ? error.message : String(error), ...(code === undefined ? {} : { code }), ...(path === undefined ? {} : { path }) } satisfies Answer);
    }
  };
  line.onmessage = ({ data }: MessageEvent<Call>) => {
    if (operations.includes(data.operation)) void answer(data);
  };
};
