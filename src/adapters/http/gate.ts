/** Owns signing in to the user's server over HTTP. The token goes into the Authorization header alone. */
import { err, ok, type Result } from "../../core/base/result.ts";
import type { Connection, Credentials, Gate, RemoteRefusal, SignInRefusal } from "../../ports/sync/remote.ts";
import { createHttpRemote } from "./remote.ts";

const requestMs = 30_000;

const call = async (url: string, init: RequestInit): Promise<Result<unknown, SignInRefusal>> => {
  let response: Response;
  try {
    response = await fetch(url, { ...init, cache: "no-store", redirect: "error", signal: AbortSignal.timeout(requestMs) });
  } catch {
    return err({ type: "unreachable" });
  }
  if (response.headers.get("content-type")?.includes("application/json") !== true) return err({ type: "not-dagbok" });
  const body = (await response.json().catch(() => undefined)) as { readonly error?: { readonly code: string; readonly message: string } } | undefined;
  if (body === undefined) return err({ type: "not-dagbok" });
  if (response.ok) return ok(body);
  return err(body.error === undefined ? { type: "not-dagbok" } : { type: "refused", code: body.error.code, message: body.error.message });
};
const isRemote = (refusal: SignInRefusal): refusal is RemoteRefusal => refusal.type !== "refused";

export const createHttpGate = (): Gate => ({
  isNew: async (origin) => {
    const said = await call(`${origin}/api/v1/setup`, {});
    if (!said.ok) return err(isRemote(said.error) ? said.error : { type: "not-dagbok" });
    return ok((said.value as { readonly needed?: boolean }).needed === true);
  },
  enter: async (origin, who: Credentials, first) => {
    const entered = await call(`${origin}/api/v1/${first ? "setup" : "sign-in"}`, { method: "POST", body: JSON.stringify(who), headers: { "content-type": "application/json" } });
    if (!entered.ok) return entered;
    const { token, name } = entered.value as { readonly token: string; readonly name: string };
    const mine = await call(`${origin}/api/v1/me/workspaces`, { headers: { authorization: `Bearer ${token}` } });
    if (!mine.ok) return mine;
    const [workspace] = mine.value as readonly { readonly id: string; readonly name: string; readonly role: string }[];
    if (workspace === undefined) return err({ type: "not-allowed" });
    const connection: Connection = { origin, workspace: workspace.id, workspaceName: workspace.name, role: workspace.role, user: name, token };
    return ok(connection);
  },
  open: createHttpRemote,
});
