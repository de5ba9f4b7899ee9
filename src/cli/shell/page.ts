/** Owns the inside of the corpus worker in a browser: entries come as messages, reasons go back. Bundled into one script. */
import { commands } from "../../shell/commands/table.ts";
import { checkEntry, platformClock } from "./corpus.ts";
import type { CorpusEntry } from "./corpus.ts";

const clock = platformClock();
const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<CorpusEntry>) => void) | null;
  postMessage: (message: readonly string[]) => void;
};
scope.onmessage = (event) => {
  checkEntry(event.data, commands, clock).then(
    (reasons) => scope.postMessage(reasons),
    (error: unknown) => scope.postMessage([`threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`]),
  );
};
