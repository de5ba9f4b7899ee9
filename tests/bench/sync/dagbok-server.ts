/** Owns Dagbok's side of the sync bench: the server of `npm start`, filled and written to by a device that speaks the protocol plainly. */
import { randomUUID } from "node:crypto";
import type { Answer, Epoch, Mark, Token } from "../../../src/core/replica/protocol.ts";
import { startServer } from "../../e2e/kit/server.ts";
import type { ServerPeer } from "./contender.ts";
import { idOf, recordOf } from "./records.ts";

const batch = 2_000;

export const serveDagbok = async (records: number): Promise<ServerPeer> => {
  const server = await startServer();
  const call = async <T>(path: string, token?: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${server.url}/api/v1${path}`, {
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
      headers: { "content-type": "application/json", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const { token } = await call<{ token: string }>("/setup", undefined, { name: "ann", password: "correct horse", device: "seed" });
  const [workspace] = await call<readonly { id: string }[]>("/me/workspaces", token);
  const { chain } = await call<{ chain: readonly Epoch[] }>(`/sync/${workspace?.id}/epoch`, token);
  const replica = randomUUID();
  let acked: Mark = { n: 0, e: "" };
  let proven: Token = [0, ""];
  /** The last number that wrote each record: the context of the next edit. */
  const last = new Map<number, number>();
  const push = async (from: number, to: number, version: string): Promise<void> => {
    const origin = randomUUID();
    const edits = Array.from({ length: to - from }, (_, i) => {
      const ctx = last.get(from + i);
      return {
        e: `${origin}.${i + 1}`, record: `dag/${idOf(from + i)}`, deleted: false, body: { v: 1, ...recordOf(from + i, version) },
        ctx: ctx === undefined ? {} : { [replica]: ctx }, seen: proven[0], create: ctx === undefined, absorbed: [],
      };
    });
    const inflight: Mark = { n: acked.n + edits.length, e: edits.at(-1)?.e ?? "" };
    const proof = { epoch: chain.at(-1)?.id, token: proven, replica, acked, inflight };
    const { answer } = await call<{ answer: Answer }>(`/sync/${workspace?.id}`, token, { type: "push", proof, edits });
    if (answer.type !== "pushed") throw new Error(`the server answered ${answer.type}`);
    edits.forEach((_, i) => last.set(from + i, acked.n + i + 1));
    acked = inflight;
    proven = answer.token;
  };
  const write = async (from: number, to: number, version: string): Promise<void> => {
    for (let at = from; at < to; at += batch) await push(at, Math.min(to, at + batch), version);
  };
  await write(0, records, "first");
  return { port: Number(new URL(server.url).port), how: { workspace: workspace?.id, token }, write, close: () => server.close() };
};
