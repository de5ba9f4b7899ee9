/** Owns the story that every engine must live through: a newcomer's minute, one run live in two tabs, and the next visit without a server. */
import type { Server } from "../e2e/kit/server.ts";
import { until, type Engine, type Tab } from "./engine.ts";

export interface Chapter {
  readonly title: string;
  readonly tell: () => Promise<void>;
}
const view = "return document.querySelector('[data-view]') !== null && 'dagbok' in window";
const runYaml =
  "const { dag } = await dagbok.importYaml(args[0]); const { run } = await dagbok.start(dag); return { run, status: await dagbok.waitForEnd(run, { timeoutMs: 40000 }), view: await dagbok.run(run) }";
const text = "return document.body.innerText.includes(args[0])";
const expectStatus = (answer: { readonly status: string; readonly view?: unknown }, status: string): void => {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${JSON.stringify(answer.view)}`);
};
const open = async (tab: Tab, url: string): Promise<void> => {
  await tab.goto(url);
  await until(tab, "the first view", view, 45_000);
};
const withScript = "name: without-server\nsteps:\n  - id: shell\n    command: echo hello | tr a-z A-Z\n    output: SAID\n  - id: script\n    shell: node\n    script: |\n      console.log('said ' + process.env.SAID)\n";
const plain = "name: everyday\nsteps:\n  - id: shell\n    command: echo hello | tr a-z A-Z\n    output: SAID\n  - id: again\n    command: echo \"${SAID} again\"\n";

/** Chapters in order; each stands on the ones before it. */
export const storyOf = (engine: Engine, server: Server): readonly Chapter[] => {
  let mine: Tab;
  let theirs: Tab;
  return [
    {
      title: "a newcomer's minute: open, run a sample, see its chart",
      tell: async () => {
        mine = await engine.newTab();
        await open(mine, server.url);
        await until(mine, "a Run button", "const b = [...document.querySelectorAll('button')].find((x) => /^(Run|运行)/.test(x.innerText.trim()) || /^(Run|运行)/.test(x.getAttribute('aria-label') || '')); if (!b) return false; b.click(); return true");
        await until(mine, "the run's page", "return /^\\/runs\\/[^/]+/.test(location.pathname)");
        const id = await mine.run<string>("return decodeURIComponent(location.pathname.split('/')[2])");
        expectStatus(await mine.run("return { status: await dagbok.waitForEnd(args[0], { timeoutMs: 45000 }), view: await dagbok.run(args[0]) }", id), "succeeded");
        await open(mine, `${server.url}/runs/${encodeURIComponent(id)}/artifacts`);
        await until(mine, "a chart", "const c = [...document.querySelectorAll('main button, main a, main [role=option]')].find((x) => /chart/i.test(x.innerText)); if (c) c.click(); return document.querySelector('main [role=img] svg path') !== null");
      },
    },
    { title: "an edited text runs again", tell: async () => expectStatus(await mine.run(runYaml, plain), "succeeded") },
    {
      title: "a run of one tab is seen live in the other",
      tell: async () => {
        theirs = await engine.newTab();
        await open(theirs, `${server.url}/runs`);
        const slow = "name: seen-live\nsteps:\n  - id: wait\n    command: sleep 6\n";
        const run = await mine.run<string>("const { dag } = await dagbok.importYaml(args[0]); return (await dagbok.start(dag)).run", slow);
        await until(theirs, "the run, running", `${text} && /Running|运行中/.test(document.body.innerText)`, 8_000, "seen-live");
        expectStatus(await mine.run("return { status: await dagbok.waitForEnd(args[0], { timeoutMs: 30000 }), view: await dagbok.run(args[0]) }", run), "succeeded");
        await theirs.close();
      },
    },
    {
      title: "the next visit runs without a server",
      tell: async () => {
        await until(mine, "everything cached", "const r = await navigator.serviceWorker.getRegistration(); return !!(r && r.active && navigator.serviceWorker.controller) && (await (await caches.open('dagbok-runtimes')).keys()).length >= 2", 60_000);
        await server.stop();
        await open(mine, `${server.url}/runs`);
        expectStatus(await mine.run(runYaml, withScript), "succeeded");
        await open(mine, server.url);
        await server.start();
      },
    },
  ];
};
