/** Owns the screen's second hand: one timer for all running durations. Refuses to know what is shown. */
class Now {
  ms = $state(Date.now());
  /** Ticks until the answer is called; a frozen tab is late, never wrong. */
  start(everyMs = 500): () => void {
    const timer = setInterval(() => {
      if (!document.hidden) this.ms = Date.now();
    }, everyMs);
    return () => clearInterval(timer);
  }
}
export const now = new Now();
