/** Owns recognising a network failure in the text of an error, so that it can be told in the reader's language. Refuses to know the words. */
import type { NetworkFailure } from "../../ports/network.ts";

export type ToldFailure = Exclude<NetworkFailure, "aborted" | "bad-url" | "too-large">;
const signs: readonly (readonly [ToldFailure, RegExp])[] = [
  ["cors", /(\S+) answered, but does not allow pages/], ["mixed-content", /may not read http:\/\/(\S+?)\. /], ["offline", /no network: (\S+) cannot/],
  ["refused-host", /not been granted the host (\S+?)\. /], ["timeout", /(\S+) did not answer in time/], ["unknown-host", /the name of (\S+) is unknown/],
  ["no-listener", /(\S+) refused the connection/], ["bad-certificate", /the certificate of (\S+) is not trusted/], ["unreachable", /(\S+) cannot be reached: the name/],
];
export const networkFailure = (text: string): { readonly failure: ToldFailure; readonly host: string } | undefined => {
  for (const [failure, sign] of signs) {
    const found = sign.exec(text);
    if (found) return { failure, host: found[1] as string };
  }
  return undefined;
};
