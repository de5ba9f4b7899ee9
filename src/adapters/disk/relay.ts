/**
 * Owns reaching the driving tab's files from any other tab: calls go over a BroadcastChannel to whoever serves, and are sent again until
 * they are answered, so that a hand-over in between only takes longer. The server answers a repeated call without doing it twice.
 */
import type { Files } from "../../ports/files.ts";
import { createRemoteFiles, serveFiles } from "./remote.ts";

type Message =
  | { readonly type: "call"; readonly from: string; readonly id: number; readonly call: unknown }
  | { readonly type: "answer"; readonly to: string; readonly id: number; readonly answer: unknown };
const againMs = 700;
const againTimesMax = 40;
const answersKept = 256;

/** Files of whichever tab serves them. Rejects with code "no_driver" when nobody has answered for half a minute. */
export const createRelayedFiles = (name: string, self: string): Files => {
  const channel = new BroadcastChannel(name);
  const { port1, port2 } = new MessageChannel();
  const waiting = new Map<number, ReturnType<typeof setTimeout>>();
  const done = (id: number, answer: unknown): void => {
    clearTimeout(waiting.get(id));
    if (waiting.delete(id)) port2.postMessage(answer);
  };
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.type === "answer" && data.to === self) done(data.id, data.answer);
  };
  port2.onmessage = ({ data }: MessageEvent<{ readonly id: number }>) => {
    const { id } = data;
    const send = (times: number): void => {
      if (times > againTimesMax) {
        waiting.set(id, setTimeout(() => undefined));
        return done(id, { id, ok: false, message: "no tab has answered", code: "no_driver" });
      }
      channel.postMessage({ type: "call", from: self, id, call: data } satisfies Message);
      waiting.set(id, setTimeout(() => send(times + 1), againMs));
    };
    send(1);
  };
  return createRemoteFiles(port1);
};

/** Serves the calls of other tabs; answers a function that stops. */
export const serveRelay = (name: string, files: Files): (() => void) => {
  const channel = new BroadcastChannel(name);
  const clients = new Map<string, { readonly port: MessagePort; readonly answers: Map<number, unknown> }>();
  const clientOf = (from: string) => {
    const known = clients.get(from);
    if (known !== undefined) return known;
    const { port1, port2 } = new MessageChannel();
    const made = { port: port2, answers: new Map<number, unknown>() };
    serveFiles(files, port1);
    port2.onmessage = ({ data }: MessageEvent<{ readonly id: number }>) => {
      made.answers.set(data.id, data);
      if (made.answers.size > answersKept) made.answers.delete(made.answers.keys().next().value!);
      channel.postMessage({ type: "answer", to: from, id: data.id, answer: data } satisfies Message);
    };
    clients.set(from, made);
    return made;
  };
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.type !== "call") return;
    const client = clientOf(data.from);
    if (!client.answers.has(data.id)) {
      client.answers.set(data.id, undefined);
      client.port.postMessage(data.call);
    } else if (client.answers.get(data.id) !== undefined) {
      channel.postMessage({ type: "answer", to: data.from, id: data.id, answer: client.answers.get(data.id) } satisfies Message);
    }
  };
  return () => {
    channel.close();
    for (const { port } of clients.values()) port.close();
  };
};
