/** Owns who may do what to which kind of record (sync, section 2.15): one table, asked by the server at push and pull and shown by the client. */

export const roles = ["viewer", "operator", "editor", "admin"] as const;
export type Role = (typeof roles)[number];

/** Kinds of replicated records; the first part of a record key, "dag/0190…". */
export const kinds = ["dag", "revision", "setting", "run", "page", "request", "alert", "member"] as const;
export type Kind = (typeof kinds)[number];

/** The least role that may write a kind. Reading needs any role at all. Unknown kinds need an admin: nobody knows what they decide. */
const writers: Readonly<Record<Kind, Role>> = {
  dag: "editor",
  revision: "editor",
  setting: "editor",
  run: "operator",
  page: "operator",
  request: "operator",
  alert: "operator",
  member: "admin",
};

export const isAtLeast = (role: Role, least: Role): boolean => roles.indexOf(role) >= roles.indexOf(least);
export const kindOf = (record: string): string => record.slice(0, Math.max(0, record.indexOf("/")));
export const mayWrite = (role: Role, record: string): boolean => {
  const kind = kindOf(record);
  return isAtLeast(role, kind in writers ? writers[kind as Kind] : "admin");
};
