#!/usr/bin/env node
/** Starts the command line: TypeScript is run as it stands, in this very process, so that signals and exit codes are its own. */
import { register } from "tsx/esm/api";

register();
await import("../main.ts");
