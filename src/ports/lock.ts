/** The contract with exclusive ownership among the tabs (or processes) of one store. A lock elects; the term in the store fences. */
export interface Lock {
  /** Waits for the lock, then holds it until `release` or the end of the holder. `onHeld` is called once. */
  readonly acquire: (name: string, onHeld: () => void) => { readonly release: () => void };
  /** Is anybody holding it now? */
  readonly isHeld: (name: string) => Promise<boolean>;
}
