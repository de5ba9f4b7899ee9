/**
 * Owns the address: path and query to a `Route`, and back. History API, because every object and tab has a URL that a cold, offline
 * start must open. Refuses to know what a screen shows. Dialogs live in the query (`?dialog=start`), so Back closes them.
 */
export const dagTabs = ["overview", "spec", "graph", "runs", "files"] as const;
export const runTabs = ["summary", "graph", "timeline", "logs", "outputs", "artifacts", "events"] as const;
export const syncTabs = ["status", "pending", "conflicts", "devices", "log", "account"] as const;
export type DagTab = (typeof dagTabs)[number];
export type RunTab = (typeof runTabs)[number];
export type SyncTab = (typeof syncTabs)[number];
export type Route =
  | { readonly view: "home" }
  | { readonly view: "dags" }
  | { readonly view: "dag"; readonly name: string; readonly tab: DagTab }
  | { readonly view: "import" }
  | { readonly view: "runs" }
  | { readonly view: "run"; readonly id: string; readonly tab: RunTab }
  /** `record`: the conflict in front. */
  | { readonly view: "sync"; readonly tab: SyncTab; readonly record: string | undefined }
  | { readonly view: "settings"; readonly part: string }
  | { readonly view: "lost"; readonly path: string };

const oneOf = <T extends string>(all: readonly T[], text: string | undefined, fallback: T): T => all.find((item) => item === text) ?? fallback;

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** Answers the route of a path; an unknown one is `lost`, never a blank page. */
export const routeOf = (path: string): Route => {
  const parts = path.split("/").filter((part) => part !== "").map(decode);
  const [first, second, third] = parts;
  if (first === undefined) return { view: "home" };
  if (first === "dags") return second === undefined ? { view: "dags" } : { view: "dag", name: second, tab: oneOf(dagTabs, third, "overview") };
  if (first === "import") return { view: "import" };
  if (first === "runs") return second === undefined ? { view: "runs" } : { view: "run", id: second, tab: oneOf(runTabs, third, "summary") };
  if (first === "sync" || (first === "settings" && second === "sync")) return { view: "sync", tab: oneOf(syncTabs, second === "sync" ? third : second, "status"), record: second === "conflicts" ? third : undefined };
  if (first === "settings") return { view: "settings", part: second ?? "general" };
  return { view: "lost", path };
};
export const dagPath = (name: string, tab: DagTab = "overview"): string => `/dags/${encodeURIComponent(name)}/${tab}`;
export const runPath = (id: string, tab: RunTab = "summary", step?: string): string =>
  `/runs/${encodeURIComponent(id)}/${tab}${step === undefined ? "" : `?step=${encodeURIComponent(step)}`}`;

class Router {
  #path = $state(location.pathname);
  #search = $state(location.search);
  readonly route: Route = $derived(routeOf(this.#path));
  readonly query: URLSearchParams = $derived(new URLSearchParams(this.#search));

  get path(): string {
    return this.#path;
  }
  /** Follows the address bar; answers a function that stops. */
  listen(): () => void {
    const read = (): void => {
      this.#path = location.pathname;
      this.#search = location.search;
    };
    const click = (event: MouseEvent): void => this.#click(event);
    addEventListener("popstate", read);
    document.addEventListener("click", click);
    return () => {
      removeEventListener("popstate", read);
      document.removeEventListener("click", click);
    };
  }
  go(url: string, how: "push" | "replace" = "push"): void {
    const to = new URL(url, location.href);
    if (how === "replace") history.replaceState(null, "", to);
    else if (to.href !== location.href) history.pushState(null, "", to);
    this.#path = to.pathname;
    this.#search = to.search;
  }
  /** Sets or (undefined) removes query values on this path. */
  set(values: Readonly<Record<string, string | undefined>>, how: "push" | "replace" = "replace"): void {
    const query = new URLSearchParams(this.#search);
    for (const [key, value] of Object.entries(values)) {
      if (value === undefined) query.delete(key);
      else query.set(key, value);
    }
    const text = query.toString();
    this.go(`${this.#path}${text === "" ? "" : `?${text}`}`, how);
  }
  #click(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!(link instanceof HTMLAnchorElement) || link.target !== "" || link.hasAttribute("download") || link.origin !== location.origin) return;
    event.preventDefault();
    this.go(link.href);
  }
}
export const router = new Router();
