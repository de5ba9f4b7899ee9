/** Owns the seed of property tests: the same on every run, so that an answer of the tests is about the code. `SEED=n npm test` searches elsewhere. */
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["SEED"] ?? 1) });
