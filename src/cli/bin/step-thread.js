/** Starts a step thread: a thread inherits no loader, so it registers the one for TypeScript itself. */
import { register } from "tsx/esm/api";

register();
await import("../step-thread.ts");
