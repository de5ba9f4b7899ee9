import { describe, expect, it } from "vitest";
import { kinds, mayWrite, roles } from "../../../src/core/replica/wire/roles.ts";

describe("roles", () => {
  it("decides every role and kind of record as written down", () => {
    const table = Object.fromEntries(roles.map((role) => [role, kinds.filter((kind) => mayWrite(role, `${kind}/x`))]));
    expect(table).toEqual({
      viewer: [],
      operator: ["run", "page", "request", "alert"],
      editor: ["dag", "revision", "setting", "run", "page", "request", "alert"],
      admin: [...kinds],
    });
  });
  it("gives a kind nobody knows to admins alone", () => {
    expect(roles.filter((role) => mayWrite(role, "future/x"))).toEqual(["admin"]);
    expect(roles.filter((role) => mayWrite(role, "no kind at all"))).toEqual(["admin"]);
  });
});
