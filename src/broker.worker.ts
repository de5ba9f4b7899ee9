/** The root of the network broker: the only worker whose policy lets it reach other origins. It stores nothing and runs no text. */
import { serveNetwork, type AskGrant } from "./adapters/broker/line.ts";
import type { FromBroker, ToBroker } from "./adapters/broker/protocol.ts";

const waiting = new Map<number, (granted: boolean) => void>();
let last = 0;
const askGrant: AskGrant = (question, signal) =>
  new Promise((resolve) => {
    last += 1;
    const id = last;
    waiting.set(id, resolve);
    signal.addEventListener("abort", () => {
      self.postMessage({ type: "forget", id } satisfies FromBroker);
      if (waiting.delete(id)) resolve(false);
    }, { once: true });
    self.postMessage({ type: "ask", id, ...question } satisfies FromBroker);
  });

self.onmessage = ({ data }: MessageEvent<ToBroker>) => {
  if (data.type === "line") return serveNetwork(data.port, askGrant);
  waiting.get(data.id)?.(data.granted);
  waiting.delete(data.id);
};
