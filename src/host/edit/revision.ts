/** Owns the name of a published text: its content address within its DAG. */
import { revisionId, type RevisionId } from "../../core/base/brand.ts";

/** SHA-256 over the DAG's id and the text, in hexadecimal. */
export const revisionIdOf = async (dag: string, text: string): Promise<RevisionId> => {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${dag}\n${text}`));
  return revisionId([...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
};
