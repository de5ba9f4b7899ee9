/**
 * The probe beside which the engine is measured: what a step costs at the very least, in the same browser and the same minute. One raw
 * IndexedDB commit of a 230-byte event and one round trip to a worker that does nothing, once per step; fanned out over `lanes` workers
 * the commits are grouped, as any engine would. Runs inside a dedicated worker; text, because it is sent into a page.
 */
export interface ProbeOrder {
  readonly kind: "chain" | "fan";
  readonly steps: number;
}
/** Medians of the probe's two halves: one relaxed commit of two events, and one message one way. */
export interface Parts {
  readonly commitMs: number;
  readonly messageMs: number;
}
export const probeSource = `
const echo = URL.createObjectURL(new Blob(["onmessage = (e) => postMessage(e.data)"], { type: "text/javascript" }));
const open = (name) => new Promise((resolve, reject) => {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore("events");
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
const body = "x".repeat(200);
let key = 0;
const commit = (database, events, durability) => new Promise((resolve, reject) => {
  const tx = database.transaction("events", "readwrite", { durability });
  for (const step of events) tx.objectStore("events").put({ run: "probe", seq: key += 1, step, body }, key);
  tx.commit();
  tx.oncomplete = resolve;
  tx.onabort = () => reject(tx.error);
});
const chain = async (database, steps) => {
  const worker = new Worker(echo);
  const ask = (n) => new Promise((resolve) => { worker.onmessage = resolve; worker.postMessage({ step: n, body }); });
  await ask(0);
  const from = performance.now();
  for (let n = 0; n < steps; n += 1) { await commit(database, [n, n], "relaxed"); await ask(n); }
  const took = performance.now() - from;
  worker.terminate();
  return took;
};
const fan = (database, steps, lanes) => new Promise((resolve) => {
  const workers = Array.from({ length: lanes }, () => new Worker(echo));
  let next = 0, done = 0, ended = [], busy = false;
  const from = performance.now();
  const flush = async () => {
    if (busy || ended.length === 0) return;
    busy = true;
    const batch = ended; ended = [];
    const events = [];
    for (const worker of batch) { events.push(done); done += 1; if (next < steps) { events.push(next); worker.step = next; next += 1; } else worker.step = -1; }
    await commit(database, events, "relaxed");
    for (const worker of batch) if (worker.step >= 0) worker.postMessage({ step: worker.step, body });
    busy = false;
    if (done >= steps) { const took = performance.now() - from; workers.forEach((worker) => worker.terminate()); return resolve(took); }
    flush();
  };
  for (const worker of workers) { worker.onmessage = () => { ended.push(worker); flush(); }; worker.postMessage({ step: next, body }); next += 1; }
});
const parts = async (database) => {
  const worker = new Worker(echo);
  const ask = (n) => new Promise((resolve) => { worker.onmessage = resolve; worker.postMessage({ step: n, body }); });
  const median = async (work) => {
    const times = [];
    for (let n = 0; n < 300; n += 1) { const from = performance.now(); await work(n); times.push(performance.now() - from); }
    return times.sort((a, b) => a - b)[150];
  };
  const commitMs = await median((n) => commit(database, [n, n], "relaxed"));
  const messageMs = (await median(ask)) / 2;
  worker.terminate();
  return { commitMs, messageMs };
};
onmessage = async ({ data }) => {
  const database = await open("probe");
  const took = data.kind === "parts" ? await parts(database) : data.kind === "chain" ? await chain(database, data.steps) : await fan(database, data.steps, data.lanes);
  database.close();
  postMessage(took);
};
`;
