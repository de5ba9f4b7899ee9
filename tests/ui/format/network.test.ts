import { expect, it } from "vitest";
import { networkError, type NetworkFailure } from "../../../src/ports/network.ts";
import { networkFailure } from "../../../src/ui/format/network.ts";
import { en } from "../../../src/ui/i18n/en.ts";

const told: readonly NetworkFailure[] = ["cors", "mixed-content", "offline", "refused-host", "timeout", "unknown-host", "no-listener", "bad-certificate", "unreachable"];
it.each(told)("knows %s by its sentence, from a step and from curl, and has words for it", (failure) => {
  const { message } = networkError(failure, "api.example.com:8080");
  for (const text of [`${failure}: ${message}`, `curl: (7) ${message}`]) expect(networkFailure(text)).toEqual({ failure, host: "api.example.com:8080" });
  expect(Object.keys(en)).toContain(`net.${failure}`);
});
it("leaves other errors alone", () => expect(networkFailure("exit status 1")).toBeUndefined());
