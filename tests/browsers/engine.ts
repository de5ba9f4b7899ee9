/** Owns what a story needs of a browser, whatever engine and protocol it has. Knows no story. */

export interface Tab {
  readonly goto: (url: string) => Promise<void>;
  /** Runs the body of an async function in the page; `args` arrive as `args`. Answers its JSON value. */
  readonly run: <T>(body: string, ...args: readonly unknown[]) => Promise<T>;
  readonly close: () => Promise<void>;
}
export interface Engine {
  readonly name: string;
  readonly newTab: () => Promise<Tab>;
  readonly close: () => Promise<void>;
}
/** Where an engine comes from: `find` answers its program, `packages` are the Debian packages that bring it. */
export interface EngineSource {
  readonly name: string;
  readonly packages: readonly string[];
  readonly isHere: () => boolean;
  readonly launch: () => Promise<Engine>;
}
/** Polls until the body answers something true; throws with what it waited for. */
export const until = async (tab: Tab, what: string, body: string, timeoutMs = 30_000, ...args: readonly unknown[]): Promise<void> => {
  const end = Date.now() + timeoutMs;
  let last: unknown;
  while (Date.now() < end) {
    try {
      last = await tab.run(body, ...args);
      if (last === true) return;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const page = await tab.run<string>("return location.href + ' ' + document.body.innerText.slice(0, 600)").catch(String);
  throw new Error(`waited in vain for ${what} (last: ${JSON.stringify(last)}); the page says: ${page}`);
};
