/** Owns reading what the sync loop wrote down, and when it may be called in step. */
export interface SyncState {
  readonly state: string;
  readonly completeAt?: number;
  readonly trouble?: { readonly type: string; readonly message?: string };
}
export interface SignedIn {
  readonly user: string;
  readonly workspaceName: string;
  readonly role: string;
}
/** Evidence older than this is no evidence. */
const evidenceMs = 90_000;

const read = <T>(text: string | undefined): T | undefined => (text === undefined ? undefined : (JSON.parse(text) as T));
export const readConnection = (text: string | undefined): SignedIn | undefined => read<SignedIn>(text);
export const readNews = (text: string | undefined): SyncState | undefined => read<SyncState>(text);
export const isInStep = (news: SyncState | undefined, now: number): boolean =>
  news?.completeAt !== undefined && news.trouble === undefined && now - news.completeAt < evidenceMs;
