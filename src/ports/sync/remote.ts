/** The contract with the user's own server. Being offline, signed out or answered by somebody else are refusals, not errors. */
import type { Result } from "../../core/base/result.ts";
import type { Answer, Epoch, Request } from "../../core/replica/protocol.ts";
import type { Office } from "./office.ts";
import type { SyncCause, SyncProgress, SyncReason, SyncSessionState } from "./sessions.ts";

export type RemoteRefusal =
  /** No answer at all. */
  | { readonly type: "unreachable" }
  /** An answer that is not our server's: a captive portal, a proxy's error page. */
  | { readonly type: "not-dagbok" }
  | { readonly type: "signed-out" }
  | { readonly type: "not-allowed" }
  | { readonly type: "busy"; readonly retryAfterMs: number }
  /** The server will not read this request: too large, or not what it understands. Nothing of it was taken. */
  | { readonly type: "unreadable"; readonly code: string; readonly message: string }
  | { readonly type: "server-error"; readonly status: number; readonly message: string };
/** The server's row of an exchange. */
export interface RemoteSession {
  readonly id: string;
  readonly state: SyncSessionState;
  readonly fence: number;
}
export interface SessionChange {
  readonly fence: number;
  /** Absent: a beat. */
  readonly state?: SyncSessionState;
  readonly reason?: SyncReason;
  readonly progress?: SyncProgress;
}
export interface Remote {
  readonly chain: () => Promise<Result<readonly Epoch[], RemoteRefusal>>;
  /** `session`: "<id>.<fence>" of the server's row, whose lease this renews. */
  readonly send: (request: Request, session?: string) => Promise<Result<Answer, RemoteRefusal>>;
  /** Hints of the server's head; best effort. Answers a function that stops. */
  readonly hints: (onHead: (head: number) => void) => () => void;
  /** This device's clock less the server's, once anything was answered; as coarse as a second. */
  readonly skewMs: () => number | undefined;
  readonly sessions: {
    /** `key` names one wish: asked again it attaches to the live session. */
    readonly open: (wish: { readonly key: string; readonly replica: string; readonly cause: SyncCause }) => Promise<Result<RemoteSession, RemoteRefusal>>;
    readonly change: (id: string, change: SessionChange) => Promise<Result<RemoteSession, RemoteRefusal>>;
  };
  readonly blobs: {
    /** Which of these (SHA-256, hexadecimal) the server lacks. */
    readonly missing: (hashes: readonly string[]) => Promise<Result<readonly string[], RemoteRefusal>>;
    readonly put: (hash: string, bytes: Uint8Array<ArrayBuffer>) => Promise<Result<void, RemoteRefusal>>;
    /** Undefined: the server does not have it (yet, or any more). */
    readonly get: (hash: string) => Promise<Result<Uint8Array<ArrayBuffer> | undefined, RemoteRefusal>>;
  };
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
  /** What this device is called in the list of devices. */
  readonly device?: string;
}
export interface Credentials {
  readonly name: string;
  readonly password: string;
  /** What this device is called in the list of devices. */
  readonly device: string;
  readonly workspace?: string;
}
/** Refusals of a sign-in carry the server's code and words. */
export type SignInRefusal = RemoteRefusal | { readonly type: "refused"; readonly code: string; readonly message: string };
export interface Gate {
  /** Has this server no user yet? */
  readonly isNew: (origin: string) => Promise<Result<boolean, RemoteRefusal>>;
  /** Signs in, or makes the first user; answers the wanted workspace of the user's, or the first. */
  readonly enter: (origin: string, who: Credentials, first: boolean) => Promise<Result<Connection, SignInRefusal>>;
  readonly open: (connection: Connection) => Remote;
  readonly office: (connection: Connection) => Office;
}
