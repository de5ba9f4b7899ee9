/** The contract with what people may ask the server about their account, their devices and their workspace. Refusals carry the server's code. */
import type { Result } from "../../core/base/result.ts";
import type { Digest } from "../../core/replica/wire/digest.ts";
import type { SignInRefusal } from "./remote.ts";

export interface DeviceView {
  readonly replica: string;
  readonly label: string;
  readonly user: string;
  readonly state: "active" | "retired";
  readonly seenAt: number;
  readonly acknowledged: number;
  /** Rows that it has not acknowledged. */
  readonly behind: number;
  /** Deleted rows stay on the server because of it. */
  readonly holdsBack: boolean;
  readonly retiresAt?: number;
  readonly token?: string;
  readonly appVersion?: string;
  readonly isThis: boolean;
}
export interface DevicesView {
  readonly devices: readonly DeviceView[];
  readonly head: number;
  readonly floor: number;
  readonly tombstones: number;
  readonly rows: number;
  readonly serverTime: number;
}
export interface TokenView {
  readonly id: string;
  /** What the device was called when it signed in. */
  readonly label: string;
  readonly createdAt: number;
  readonly seenAt: number;
  readonly revokedAt?: number;
  readonly isThis: boolean;
}
export interface MemberView {
  readonly user: string;
  readonly name: string;
  readonly role: string;
}
export interface WorkspaceView {
  readonly id: string;
  readonly name: string;
  readonly role: string;
}
export interface Office {
  readonly devices: () => Promise<Result<DevicesView, SignInRefusal>>;
  readonly retire: (replica: string) => Promise<Result<void, SignInRefusal>>;
  readonly tokens: () => Promise<Result<readonly TokenView[], SignInRefusal>>;
  readonly revoke: (token: string) => Promise<Result<void, SignInRefusal>>;
  readonly members: () => Promise<Result<readonly MemberView[], SignInRefusal>>;
  /** Null takes the member out. */
  readonly setMember: (user: string, role: string | null) => Promise<Result<void, SignInRefusal>>;
  readonly addUser: (name: string, password: string) => Promise<Result<void, SignInRefusal>>;
  readonly changePassword: (old: string, fresh: string) => Promise<Result<void, SignInRefusal>>;
  readonly workspaces: () => Promise<Result<readonly WorkspaceView[], SignInRefusal>>;
  /** Hashes of the server's rows from this ordinal on. */
  readonly digest: (from: number) => Promise<Result<Digest, SignInRefusal>>;
}
