/** A device that speaks the protocol by hand over HTTP: enough of a client to prove what a server keeps, and nothing of the app. */
import { newClient, cutOffer, cutPull, cutPush, recordEdit, type Delta } from "../../src/core/replica/client.ts";
import { numbering } from "../../src/core/replica/client.ts";
import { view } from "../../src/core/replica/own.ts";
import type { Answer, Epoch, Request } from "../../src/core/replica/protocol.ts";
import { receive } from "../../src/core/replica/receive.ts";
import type { EditId } from "../../src/core/replica/row.ts";
import type { ReplicaId } from "../../src/core/replica/version.ts";
import type { Json } from "../../src/core/value/json.ts";
import { sliceOf } from "../sim/sync/world.ts";
import type { SimClient } from "../sim/sync/state.ts";

export interface WireDevice {
  readonly client: SimClient;
  readonly edit: (record: string, body: Json) => void;
  /** One request and its answer; undefined when there was nothing to ask or no answer came. Repeats byte for byte until answered (rule 13). */
  readonly push: () => Promise<Answer | undefined>;
  readonly pull: () => Promise<Answer | undefined>;
  readonly offer: () => Promise<Answer | undefined>;
  /** Offers, pushes and pulls until nothing is left to say. */
  readonly sync: () => Promise<void>;
  readonly shown: (record: string) => readonly Json[];
}
export interface Account {
  readonly token: string;
  readonly workspace: string;
}
const headersOf = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}`, "content-type": "application/json" });
const asked = async (url: string, init: RequestInit = {}): Promise<any> => {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(20_000) });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
};
/** Makes the first user of a server, or signs in. */
export const enter = async (url: string, name = "ann"): Promise<Account> => {
  const { needed } = await asked(`${url}/api/v1/setup`);
  const { token } = await asked(`${url}/api/v1/${needed ? "setup" : "sign-in"}`, { method: "POST", body: JSON.stringify({ name, password: "correct horse", device: "test" }) });
  const [workspace] = await asked(`${url}/api/v1/me/workspaces`, { headers: headersOf(token) });
  return { token, workspace: workspace.id };
};

let made = 0;
/** `urlOf` is asked for each request: the device may be moved to another node. */
export const createWireDevice = async (urlOf: () => string, { token, workspace }: Account, header: () => Record<string, string> = () => ({})): Promise<WireDevice> => {
  const root = (): string => `${urlOf()}/api/v1/sync/${workspace}`;
  const fresh = (): string => `${process.pid}-${++made}-${crypto.randomUUID()}`;
  const { chain } = (await asked(`${root()}/epoch`, { headers: headersOf(token) })) as { chain: readonly Epoch[] };
  const client: SimClient = { head: newClient(fresh() as ReplicaId, chain), own: [], offers: [], copy: {}, recovered: [], ghosts: {} };
  const keep = (delta: Delta): void => {
    Object.assign(client, { head: delta.head, own: delta.own, offers: delta.offers });
    for (const row of delta.copyPut) client.copy[row.record] = row;
    for (const record of delta.copyDrop) delete client.copy[record];
  };
  const send = async (request: Request): Promise<Answer | undefined> => {
    try {
      const { answer } = await asked(root(), { method: "POST", body: JSON.stringify(request), headers: { ...headersOf(token), ...header() } });
      keep(receive(sliceOf(client), answer as Answer, () => fresh() as ReplicaId));
      return answer as Answer;
    } catch {
      // No answer, or not ours: the same is asked again, that is the rule.
      return undefined;
    }
  };
  const push = async (): Promise<Answer | undefined> => {
    const cut = cutPush(sliceOf(client), 0);
    if (cut === undefined) return undefined;
    keep(cut.delta);
    return send(cut.request);
  };
  const pull = (): Promise<Answer | undefined> => send(cutPull(sliceOf(client)));
  const offer = async (): Promise<Answer | undefined> => {
    const request = cutOffer(sliceOf(client));
    return request === undefined ? undefined : send(request);
  };
  return {
    client, push, pull, offer,
    edit: (record, body) => keep(recordEdit(sliceOf(client), { e: fresh() as EditId, record, deleted: false, body }, true)),
    sync: async () => {
      for (let rounds = 0; rounds < 500; rounds++) {
        if (client.offers.length > 0) await offer();
        else if (client.own.length > 0 && (await push()) === undefined && cutPush(sliceOf(client), 0) !== undefined) continue;
        const page = await pull();
        if (page?.type === "page" && page.last && client.own.length === 0 && client.offers.length === 0) return;
      }
      throw new Error("no rest after 500 rounds");
    },
    shown: (record) => view(client.copy[record], client.own, numbering(client.head), record)?.siblings.map((one) => one.body) ?? [],
  };
};
