#!/usr/bin/env node
/** Starts the server's command line in this very process, so that signals reach it: TypeScript is run as it stands, there is nothing to build. */
import { register } from "tsx/esm/api";

register();
await import("../../server/main.ts");
