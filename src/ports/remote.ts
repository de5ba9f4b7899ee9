/** The contract with the user's own server. Being offline, signed out or answered by somebody else are refusals, not errors. */
import type { Result } from "../core/base/result.ts";
import type { Answer, Epoch, Request } from "../core/replica/protocol.ts";

export type RemoteRefusal =
  /** No answer at all. */
  | { readonly type: "unreachable" }
  /** An answer that is not our server's: a captive portal, a proxy's error page. */
  | { readonly type: "not-dagbok" }
  | { readonly type: "signed-out" }
  | { readonly type: "not-allowed" }
  | { readonly type: "busy"; readonly retryAfterMs: number }
  | { readonly type: "server-error"; readonly status: number; readonly message: string };
export interface Remote {
  readonly chain: () => Promise<Result<readonly Epoch[], RemoteRefusal>>;
  readonly send: (request: Request) => Promise<Result<Answer, RemoteRefusal>>;
  /** Hints of the server's head; best effort. Answers a function that stops. */
  readonly hints: (onHead: (head: number) => void) => () => void;
}
