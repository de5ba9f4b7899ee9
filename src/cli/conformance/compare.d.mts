/** Types of the comparison rules; see the script itself. */
export type Normalise = (text: string) => string;
export declare const normaliser: (pairs: readonly (readonly [string, string])[]) => Normalise;
/** Differing paths; empty = the case holds. */
export declare const compareResults: (conformanceCase: unknown, expected: unknown, actual: unknown) => readonly string[];
