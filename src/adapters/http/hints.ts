/** Owns the event stream of hints: silence longer than the heartbeat allows, or its end, connects again, each time a little later. */
const silenceMs = 45_000;
const reconnectMs = { min: 1_000, max: 60_000 } as const;

export const listen = (url: string, headers: Readonly<Record<string, string>>, onHead: (head: number) => void): (() => void) => {
  let isOpen = true;
  let control = new AbortController();
  let failures = 0;
  let wake: () => void = () => undefined;
  const once = async (): Promise<void> => {
    control = new AbortController();
    const response = await fetch(url, { headers, signal: control.signal, cache: "no-store" });
    if (!response.ok || response.body === null || response.headers.get("content-type")?.includes("text/event-stream") !== true) throw new Error(`no stream: ${response.status}`);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const watchdog = setTimeout(() => control.abort(), silenceMs);
      const { done, value } = await reader.read().finally(() => clearTimeout(watchdog));
      if (done) return;
      failures = 0;
      text += value;
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) hear(line, onHead);
    }
  };
  const forever = async (): Promise<void> => {
    while (isOpen) {
      // A lost stream is no trouble to show: hints are best effort, and the poll finds what they missed.
      await once().catch(() => undefined);
      const wait = Math.min(reconnectMs.max, reconnectMs.min * 2 ** Math.min(failures, 6)) * (0.75 + Math.random() / 2);
      failures++;
      if (!isOpen) return;
      await new Promise<void>((done) => {
        const timer = setTimeout(done, wait);
        wake = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
  };
  void forever();
  return () => {
    isOpen = false;
    control.abort();
    wake();
  };
};
/** A line that is no hint is passed over: hints carry nothing that could be lost. */
const hear = (line: string, onHead: (head: number) => void): void => {
  const found = /^data: \{"head":(\d+)/.exec(line);
  if (found !== null) onHead(Number(found[1]));
};
