/** The contract with the user's own server. Being offline, signed out or answered by somebody else are refusals, not errors. */
import type { Result } from "../../core/base/result.ts";
import type { Answer, Epoch, Request } from "../../core/replica/protocol.ts";

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

/** A device's lasting tie to one workspace of one server. The token is a secret: never exported, never in a log. */
export interface Connection {
  /** "" = the page's own origin. */
  readonly origin: string;
  readonly workspace: string;
  readonly workspaceName: string;
  readonly role: string;
  readonly user: string;
  readonly token: string;
}
export interface Credentials {
  readonly name: string;
  readonly password: string;
  /** What this device is called in the list of devices. */
  readonly device: string;
}
/** Refusals of a sign-in carry the server's code and words. */
export type SignInRefusal = RemoteRefusal | { readonly type: "refused"; readonly code: string; readonly message: string };
export interface Gate {
  /** Has this server no user yet? */
  readonly isNew: (origin: string) => Promise<Result<boolean, RemoteRefusal>>;
  /** Signs in, or makes the first user; answers the user's first workspace. */
  readonly enter: (origin: string, who: Credentials, first: boolean) => Promise<Result<Connection, SignInRefusal>>;
  readonly open: (connection: Connection) => Remote;
}
