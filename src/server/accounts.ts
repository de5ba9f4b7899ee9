/**
 * Owns sign-up, sign-in and device tokens. A password is only ever kept as an argon2id string, a token only as its SHA-256.
 * Refuses to know HTTP. Every refusal of a sign-in reads alike, whatever was wrong.
 */
import { hash as hashPassword, verify as verifyPassword } from "@node-rs/argon2";
import { createHash, randomBytes } from "node:crypto";
import { err, ok, type Result } from "../core/base/result.ts";
import type { Accounts } from "../ports/server/accounts.ts";
import type { Ids } from "../ports/ids.ts";

export interface AccountsDep {
  readonly accounts: Accounts;
  readonly ids: Ids;
  readonly now: () => number;
}
export interface SignedIn {
  readonly token: string;
  readonly user: string;
  readonly name: string;
}
export type AccountRefusal =
  | { readonly type: "already-set-up" }
  | { readonly type: "name-invalid" }
  | { readonly type: "password-too-short"; readonly min: number }
  | { readonly type: "name-taken" }
  | { readonly type: "wrong-name-or-password" };

const passwordMin = 10;
const namePattern = /^[a-z0-9][a-z0-9_.-]{0,62}$/;
export const hashToken = (token: string): string => createHash("sha256").update(token).digest("hex");

const checked = (name: string, password: string): Result<string, AccountRefusal> => {
  const lower = name.trim().toLowerCase();
  if (!namePattern.test(lower)) return err({ type: "name-invalid" });
  return password.length < passwordMin ? err({ type: "password-too-short", min: passwordMin }) : ok(lower);
};
const addUser = async ({ accounts, ids, now }: AccountsDep, name: string, password: string, onlyFirst: boolean): Promise<Result<string, AccountRefusal>> => {
  const valid = checked(name, password);
  if (!valid.ok) return valid;
  const id = ids.next();
  const added = await accounts.addUser({ id, name: valid.value, password: await hashPassword(password), createdAt: now() }, onlyFirst);
  return added ? ok(id) : err({ type: onlyFirst ? "already-set-up" : "name-taken" });
};

/** The first user: admin of the first workspace. Possible exactly once, on a server without users. */
export const setUp = async (dep: AccountsDep, who: { readonly name: string; readonly password: string; readonly device: string }): Promise<Result<SignedIn, AccountRefusal>> => {
  const added = await addUser(dep, who.name, who.password, true);
  if (!added.ok) return added;
  await dep.accounts.addWorkspace({ id: dep.ids.next(), name: "default", createdAt: dep.now() }, added.value);
  await dep.accounts.audit({ at: dep.now(), user: added.value, action: "set-up", target: who.name });
  return ok(await issueToken(dep, added.value, who.name.trim().toLowerCase(), who.device));
};
/** A further user, made by an admin; has no workspace until given a role. */
export const invite = (dep: AccountsDep, name: string, password: string): Promise<Result<string, AccountRefusal>> => addUser(dep, name, password, false);

/** Verified against when the name is unknown, so that both refusals take as long. */
const decoy = hashPassword(randomBytes(16).toString("hex"));
export const signIn = async (dep: AccountsDep, who: { readonly name: string; readonly password: string; readonly device: string }): Promise<Result<SignedIn, AccountRefusal>> => {
  const user = await dep.accounts.userByName(who.name.trim().toLowerCase());
  const isRight = await verifyPassword(user?.password ?? (await decoy), who.password);
  if (user === undefined || !isRight) return err({ type: "wrong-name-or-password" });
  await dep.accounts.audit({ at: dep.now(), user: user.id, action: "sign-in", target: who.device });
  return ok(await issueToken(dep, user.id, user.name, who.device));
};

/** Every other device of the user is signed out: whoever knew the old password is not let in by an old token either. */
export const changePassword = async (dep: AccountsDep, who: { readonly user: string; readonly name: string; readonly token: string }, change: { readonly current: string; readonly password: string }): Promise<Result<number, AccountRefusal>> => {
  const user = await dep.accounts.userByName(who.name);
  if (user === undefined || !(await verifyPassword(user.password, change.current))) return err({ type: "wrong-name-or-password" });
  const valid = checked(who.name, change.password);
  if (!valid.ok) return valid;
  await dep.accounts.setPassword(who.user, await hashPassword(change.password));
  const revoked = await dep.accounts.revokeOthers(who.user, who.token, dep.now());
  await dep.accounts.audit({ at: dep.now(), user: who.user, action: "password", target: who.name });
  return ok(revoked);
};

const issueToken = async ({ accounts, ids, now }: AccountsDep, user: string, name: string, device: string): Promise<SignedIn> => {
  const token = randomBytes(32).toString("base64url");
  await accounts.addToken({ id: ids.next(), user, hash: hashToken(token), label: device.slice(0, 100), createdAt: now(), seenAt: now() });
  return { token, user, name };
};
