/**
 * Owns telling other nodes of one PostgreSQL that a space has moved on: NOTIFY in a statement of its own after the commit, coalesced, so that
 * no write transaction waits for it; LISTEN on a connection of its own. A lost hint is only late: clients poll. Knows no replica.
 */
import pg from "pg";

export interface HeadsBridge {
  readonly send: (space: string, head: number) => void;
  readonly onHead: (listener: (space: string, head: number) => void) => void;
  readonly close: () => Promise<void>;
}
const channel = "dagbok_heads";
/** At most twenty hints a second per space. */
const coalesceMs = 50;
const reconnectMs = 1_000;

export const openHeadsBridge = async (url: string, onError: (error: unknown) => void): Promise<HeadsBridge> => {
  const listeners = new Set<(space: string, head: number) => void>();
  const waiting = new Map<string, number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOpen = true;
  let client: pg.Client | undefined;

  const connect = async (): Promise<void> => {
    const made = new pg.Client({ connectionString: url });
    made.on("error", onError);
    made.on("end", () => {
      client = undefined;
      again();
    });
    made.on("notification", ({ payload = "" }) => {
      const cut = payload.lastIndexOf(" ");
      for (const listener of listeners) listener(payload.slice(0, cut), Number(payload.slice(cut + 1)));
    });
    await made.connect();
    await made.query(`listen ${channel}`);
    client = made;
  };
  let waiter: ReturnType<typeof setTimeout> | undefined;
  /** Until it is back: a database that was away comes back some time. */
  const again = (): void => {
    if (!isOpen || waiter !== undefined) return;
    waiter = setTimeout(() => {
      waiter = undefined;
      connect().catch((error: unknown) => {
        onError(error);
        again();
      });
    }, reconnectMs);
  };
  const flush = async (): Promise<void> => {
    timer = undefined;
    const hints = [...waiting];
    waiting.clear();
    for (const [space, head] of hints) await client?.query("select pg_notify($1, $2)", [channel, `${space} ${head}`]);
  };
  await connect();
  return {
    send: (space, head) => {
      waiting.set(space, Math.max(head, waiting.get(space) ?? 0));
      timer ??= setTimeout(() => void flush().catch(onError), coalesceMs);
    },
    onHead: (listener) => void listeners.add(listener),
    close: async () => {
      isOpen = false;
      clearTimeout(timer);
      clearTimeout(waiter);
      await client?.end();
    },
  };
};
