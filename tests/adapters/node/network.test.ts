/** Why a host was not reached, told apart where the system says it. */
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { createNodeNetwork } from "../../../src/adapters/node/network.ts";

const fetched = (url: string, hosts: readonly string[] = ["*"]): Promise<string> =>
  createNodeNetwork().fetch({ url, method: "GET", headers: [], followRedirects: true }, hosts, new AbortController().signal).then(
    (answer) => String(answer.status), (error: { readonly failure: string }) => error.failure,
  );
/** A port that was free a moment ago. */
const closedPort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });

describe("reaching other hosts from Node", () => {
  it("says that nothing listens, that a host is not granted, that an address is none", async () => {
    expect(await fetched(`http://127.0.0.1:${await closedPort()}/`)).toBe("no-listener");
    expect(await fetched("http://example.com/", ["other.example.com"])).toBe("refused-host");
    expect([await fetched("nonsense"), await fetched("file:///etc/passwd")]).toEqual(["bad-url", "bad-url"]);
  });
  it("says that a name is unknown", async () => {
    expect(await fetched("http://no-such-name.invalid/")).toBe("unknown-host");
  });
});
