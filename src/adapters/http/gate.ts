/** Owns signing in to the user's server over HTTP, and what else people ask it about their account and workspace. */
import { err, ok, type Result } from "../../core/base/result.ts";
import type { Digest } from "../../core/replica/wire/digest.ts";
import type { DevicesView, MemberView, Office, TokenView, WorkspaceView } from "../../ports/sync/office.ts";
import type { Connection, Credentials, Gate, RemoteRefusal, SignInRefusal } from "../../ports/sync/remote.ts";
import { ask, read, type Sent } from "./call.ts";
import { createHttpRemote } from "./remote.ts";

const call = async (sent: Sent): Promise<Result<unknown, SignInRefusal>> => {
  const answered = await ask(sent);
  if (!answered.ok) return answered;
  const said = await read(answered.value);
  return !said.ok && answered.value.status === 401 && said.error.type === "refused" && said.error.code === "signed-out" ? err({ type: "signed-out" }) : said;
};
const isRemote = (refusal: SignInRefusal): refusal is RemoteRefusal => refusal.type !== "refused";

export const createHttpGate = (): Gate => ({
  isNew: async (origin) => {
    const said = await call({ url: `${origin}/api/v1/setup` });
    if (!said.ok) return err(isRemote(said.error) ? said.error : { type: "not-dagbok" });
    return ok((said.value as { readonly needed?: boolean }).needed === true);
  },
  enter: async (origin, { workspace: wanted, ...who }: Credentials, first) => {
    const entered = await call({ url: `${origin}/api/v1/${first ? "setup" : "sign-in"}`, body: who });
    if (!entered.ok) return entered;
    const { token, name } = entered.value as { readonly token: string; readonly name: string };
    const mine = await call({ url: `${origin}/api/v1/me/workspaces`, headers: { authorization: `Bearer ${token}` } });
    if (!mine.ok) return mine;
    const all = mine.value as readonly WorkspaceView[];
    const workspace = all.find((one) => one.id === wanted) ?? all[0];
    if (workspace === undefined) return err({ type: "not-allowed" });
    const connection: Connection = { origin, workspace: workspace.id, workspaceName: workspace.name, role: workspace.role, user: name, token };
    return ok(connection);
  },
  open: createHttpRemote,
  office: createHttpOffice,
});

const createHttpOffice = ({ origin, workspace, token }: Connection): Office => {
  const headers = { authorization: `Bearer ${token}` };
  const space = encodeURIComponent(workspace);
  const get = async <T>(path: string): Promise<Result<T, SignInRefusal>> => (await call({ url: `${origin}/api/v1${path}`, headers })) as Result<T, SignInRefusal>;
  const change = async (method: string, path: string, body?: unknown): Promise<Result<void, SignInRefusal>> => {
    const said = await call({ url: `${origin}/api/v1${path}`, method, headers, ...(body === undefined ? {} : { body }) });
    return said.ok ? ok(undefined) : said;
  };
  return {
    devices: () => get<DevicesView>(`/sync/${space}/devices`),
    retire: (replica) => change("POST", `/sync/${space}/devices/${encodeURIComponent(replica)}/retire`),
    tokens: () => get<readonly TokenView[]>("/me/devices"),
    revoke: (id) => change("DELETE", `/me/devices/${encodeURIComponent(id)}`),
    members: () => get<readonly MemberView[]>(`/workspaces/${space}/members`),
    setMember: (user, role) => change("PUT", `/workspaces/${space}/members/${encodeURIComponent(user)}`, { role }),
    addUser: (name, password) => change("POST", `/workspaces/${space}/users`, { name, password }),
    changePassword: (old, fresh) => change("POST", "/me/password", { current: old, password: fresh }),
    workspaces: () => get<readonly WorkspaceView[]>("/me/workspaces"),
    digest: (from) => get<Digest>(`/sync/${space}/digest?from=${from}`),
  };
};
