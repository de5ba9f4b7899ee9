/** Owns the stage of a case in Chromium. */
import type { Player } from "./judge.ts";

export const openBrowserStage = async (): Promise<{ readonly player: Player; readonly close: () => Promise<void> }> => {
  throw new Error("not yet");
};
