/** Commands against what the real tools wrote (bash 5.2, coreutils 9.1, sed 4.9, grep 3.8, mawk 1.3.4); outputs are byte strings. */
import { expect, test } from "vitest";
import recorded from "./recorded.json" with { type: "json" };
import { runScript } from "./kit.ts";

test.each(recorded)("$script", async ({ script, stdout, exitCode }) => {
  const outcome = await runScript(script);
  expect({ stdout: outcome.stdout, exitCode: outcome.exitCode }).toEqual({ stdout, exitCode });
}, 20_000);
