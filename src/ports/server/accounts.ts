/**
 * The contract with the server's people: users, their devices' tokens, workspaces and roles. Secrets come in hashed; nothing here ever
 * gives one out. A foreign workspace and an absent one answer alike: undefined.
 */
import type { Role } from "../../core/replica/wire/roles.ts";

export interface UserRow {
  readonly id: string;
  /** Lower case. */
  readonly name: string;
  /** argon2id string. */
  readonly password: string;
  readonly createdAt: number;
}
/** A signed-in device: the token's SHA-256, bound to one user. */
export interface TokenRow {
  readonly id: string;
  readonly user: string;
  readonly hash: string;
  readonly label: string;
  readonly createdAt: number;
  readonly seenAt: number;
  readonly revokedAt?: number;
}
export interface MemberRow {
  readonly workspace: string;
  readonly user: string;
  readonly name: string;
  readonly role: Role;
}
export interface WorkspaceRow {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
}
export interface AuditRow {
  readonly at: number;
  readonly user: string;
  readonly action: string;
  readonly target: string;
  /** Absent: about the user's own account. */
  readonly workspace?: string;
}
export interface Accounts {
  readonly userCount: () => Promise<number>;
  /** False when the name is taken, or when `onlyFirst` and somebody was faster. */
  readonly addUser: (user: UserRow, onlyFirst: boolean) => Promise<boolean>;
  readonly userByName: (name: string) => Promise<UserRow | undefined>;
  readonly userNameOf: (user: string) => Promise<string | undefined>;
  readonly setPassword: (user: string, password: string) => Promise<void>;
  readonly addToken: (token: TokenRow) => Promise<void>;
  /** Undefined when unknown or revoked. Notes when it was seen, at most once a minute. */
  readonly tokenByHash: (hash: string, now: number) => Promise<(TokenRow & { readonly userName: string }) | undefined>;
  readonly tokensOf: (user: string) => Promise<readonly TokenRow[]>;
  /** False when it is not this user's or already revoked. */
  readonly revokeToken: (user: string, id: string, now: number) => Promise<boolean>;
  /** Revokes all of a user's tokens but one; answers how many. */
  readonly revokeOthers: (user: string, kept: string, now: number) => Promise<number>;
  readonly addWorkspace: (workspace: WorkspaceRow, admin: string) => Promise<void>;
  readonly workspacesOf: (user: string) => Promise<readonly (WorkspaceRow & { readonly role: Role })[]>;
  readonly roleIn: (workspace: string, user: string) => Promise<Role | undefined>;
  readonly members: (workspace: string) => Promise<readonly MemberRow[]>;
  /** `role` undefined removes. False when that would leave no admin. */
  readonly setRole: (workspace: string, user: string, role: Role | undefined) => Promise<boolean>;
  readonly audit: (row: AuditRow) => Promise<void>;
  /** Newest first; of one workspace: its own rows, and those of its members' accounts. */
  readonly auditLog: (limit: number, workspace?: string) => Promise<readonly (AuditRow & { readonly name?: string })[]>;
}
