/** Owns the door to the code under test: the rules as they ship. */
import * as client from "../../../src/core/replica/client.ts";
import * as own from "../../../src/core/replica/own.ts";
import * as receive from "../../../src/core/replica/receive.ts";
import * as server from "../../../src/core/replica/server.ts";
import type { Rules } from "./world.ts";

export const shipped: Rules = { client, own, receive, server };
