/** The contract of the server's accounts, run over every adapter, through the service that uses it. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Accounts } from "../../src/ports/server/accounts.ts";
import type { Ids } from "../../src/ports/ids.ts";
import { hashToken, invite, setUp, signIn, type AccountsDep } from "../../src/server/accounts.ts";

const ann = { name: "Ann", password: "correct horse", device: "laptop" };

export const accountsContract = (name: string, open: (ids: Ids) => Promise<Accounts>): void => {
  describe(`accounts over ${name}`, () => {
    let dep: AccountsDep;
    let made = 0;
    beforeEach(async () => {
      const ids: Ids = { next: () => `id${++made}`, random: () => 0.5 };
      dep = { accounts: await open(ids), ids, now: () => 1_000 };
    });
    const setUpAnn = async (): Promise<{ token: string; user: string }> => {
      const done = await setUp(dep, ann);
      if (!done.ok) throw new Error(done.error.type);
      return done.value;
    };

    it("sets up exactly once, even when two try at the same moment", async () => {
      const both = await Promise.all([setUp(dep, ann), setUp(dep, { ...ann, name: "bob" })]);
      expect(both.map((done) => (done.ok ? "in" : done.error.type)).sort()).toEqual(["already-set-up", "in"]);
      expect(await dep.accounts.userCount()).toBe(1);
    });
    it("refuses short passwords and odd names", async () => {
      expect(await setUp(dep, { ...ann, password: "short" })).toEqual({ ok: false, error: { type: "password-too-short", min: 10 } });
      expect(await setUp(dep, { ...ann, name: "a b" })).toEqual({ ok: false, error: { type: "name-invalid" } });
    });
    it("signs in by name in any case, and answers a wrong name like a wrong password", async () => {
      await setUpAnn();
      expect((await signIn(dep, { ...ann, name: "ANN" })).ok).toBe(true);
      const wrong = { ok: false, error: { type: "wrong-name-or-password" } };
      expect([await signIn(dep, { ...ann, password: "wrong horse" }), await signIn(dep, { ...ann, name: "eve" })]).toEqual([wrong, wrong]);
    });
    it("keeps tokens only as hashes, bound to their user, until revoked", async () => {
      const { token, user } = await setUpAnn();
      const found = await dep.accounts.tokenByHash(hashToken(token), 1_000);
      expect(found).toMatchObject({ user, userName: "ann", label: "laptop" });
      expect(JSON.stringify(await dep.accounts.tokensOf(user))).not.toContain(token);
      expect(await dep.accounts.revokeToken("somebody else", found?.id ?? "", 2_000)).toBe(false);
      expect(await dep.accounts.revokeToken(user, found?.id ?? "", 2_000)).toBe(true);
      expect(await dep.accounts.tokenByHash(hashToken(token), 3_000)).toBeUndefined();
    });
    it("gives roles per workspace and never leaves one without an admin", async () => {
      const { user } = await setUpAnn();
      const [workspace] = await dep.accounts.workspacesOf(user);
      const id = workspace?.id ?? "";
      expect(workspace).toMatchObject({ name: "default", role: "admin" });
      const bob = await invite(dep, "bob", "another horse");
      if (!bob.ok) throw new Error(bob.error.type);
      expect(await dep.accounts.roleIn(id, bob.value)).toBeUndefined();
      expect(await dep.accounts.setRole(id, bob.value, "viewer")).toBe(true);
      expect((await dep.accounts.members(id)).map((m) => [m.name, m.role])).toEqual([["ann", "admin"], ["bob", "viewer"]]);
      expect(await dep.accounts.setRole(id, user, "viewer")).toBe(false);
      expect(await dep.accounts.setRole(id, user, undefined)).toBe(false);
      expect(await dep.accounts.setRole(id, bob.value, undefined)).toBe(true);
      expect(await dep.accounts.roleIn(id, bob.value)).toBeUndefined();
    });
    it("refuses a taken name and writes an audit log", async () => {
      await setUpAnn();
      expect(await invite(dep, "ann", "another horse")).toEqual({ ok: false, error: { type: "name-taken" } });
      await signIn(dep, ann);
      expect((await dep.accounts.auditLog(10)).map((row) => row.action)).toEqual(["sign-in", "set-up"]);
    });
  });
};
