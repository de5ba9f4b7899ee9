/** Owns talking to the user's server about replication: requests, sessions, blobs. Knows no rule of replication. */
import { err, ok, type Result } from "../../core/base/result.ts";
import type { Answer, Epoch } from "../../core/replica/protocol.ts";
import { packHeader, packVersion, unpackRows } from "../../core/replica/wire/pack.ts";
import type { Remote, RemoteRefusal, RemoteSession } from "../../ports/sync/remote.ts";
import { ask, read, refusalOf, type Sent } from "./call.ts";
import { listen } from "./hints.ts";

export interface HttpRemoteOptions {
  /** "" = this page's own origin. */
  readonly origin: string;
  readonly workspace: string;
  readonly token: string;
}
type Body = Readonly<Record<string, unknown>>;

export const createHttpRemote = ({ origin, workspace, token }: HttpRemoteOptions): Remote => {
  const base = `${origin}/api/v1/sync/${encodeURIComponent(workspace)}`;
  const headers = { authorization: `Bearer ${token}` };
  let skew: number | undefined;
  const onDate = (at: number): void => {
    skew = Date.now() - at;
  };
  const raw = (path: string, sent: Omit<Sent, "url"> = {}): Promise<Result<Response, RemoteRefusal>> =>
    ask({ ...sent, url: `${base}${path}`, headers: { ...headers, ...sent.headers } }, onDate);
  const call = async <T>(path: string, sent: Omit<Sent, "url">, pick: (body: Body) => T): Promise<Result<T, RemoteRefusal>> => {
    const answered = await raw(path, sent);
    if (!answered.ok) return answered;
    const said = await read(answered.value);
    if (!said.ok) return err(refusalOf(answered.value, said.error));
    return ok(pick((said.value ?? {}) as Body));
  };
  /** The route that every Dagbok server has says so in its body: a stranger's JSON is not taken for an answer. */
  const own = async <T>(path: string, sent: Omit<Sent, "url">, key: string): Promise<Result<T, RemoteRefusal>> => {
    const said = await call(path, sent, (body) => body);
    if (!said.ok) return said;
    return said.value["kind"] === "dagbok" ? ok(said.value[key] as T) : err({ type: "not-dagbok" });
  };
  const session = (body: Body): RemoteSession => body["session"] as RemoteSession;
  return {
    chain: () => own<readonly Epoch[]>("/epoch", {}, "chain"),
    send: async (request, by) => {
      const said = await own<Answer>("", { body: request, headers: { [packHeader]: packVersion, ...(by === undefined ? {} : { "dagbok-session": by }) } }, "answer");
      return said.ok ? unpacked(said.value) : said;
    },
    hints: (onHead) => listen(`${base}/events`, headers, onHead),
    skewMs: () => skew,
    sessions: {
      open: (wish) => call("/sessions", { body: wish }, session),
      change: (id, change) => call(`/sessions/${encodeURIComponent(id)}`, { body: change }, session),
    },
    blobs: {
      missing: (hashes) => call("/blobs/have", { body: { hashes } }, (body) => body["missing"] as readonly string[]),
      put: (hash, bytes) => call(`/blobs/${hash}`, { method: "PUT", bytes, headers: { "content-type": "application/octet-stream" } }, () => undefined),
      get: async (hash) => {
        const answered = await raw(`/blobs/${hash}`);
        if (!answered.ok) return answered;
        const { value } = answered;
        if (value.status === 404) return ok(undefined);
        if (value.ok && value.headers.get("content-type") === "application/octet-stream") return bytesOf(value);
        const said = await read(value);
        return err(said.ok ? { type: "not-dagbok" } : refusalOf(value, said.error));
      },
    },
  };
};
/** A page's rows may have come as columns. */
const unpacked = (answer: Answer): Result<Answer, RemoteRefusal> => {
  if (answer.type !== "page" || Array.isArray(answer.rows)) return ok(answer);
  const rows = unpackRows(answer.rows);
  return rows === undefined ? err({ type: "not-dagbok" }) : ok({ ...answer, rows });
};
const bytesOf = (response: Response): Promise<Result<Uint8Array<ArrayBuffer>, RemoteRefusal>> =>
  response.arrayBuffer().then((bytes) => ok(new Uint8Array(bytes)), () => err({ type: "unreachable" }));
