/** Owns the host environment of this device's runs: the setting `host.env`, a JSON map of texts. Refuses to know what a step does with it. */
import type { Store } from "../../ports/store.ts";

export const environmentSetting = "host.env";
export interface Environment {
  readonly current: () => Readonly<Record<string, string>>;
}
const read = (text: string | undefined): Readonly<Record<string, string>> => {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, String(item)])) : {};
  } catch {
    return {};
  }
};
/** Settles with the value of now and follows it from then on, as long as the store is open. */
export const followEnvironment = async (store: Store): Promise<Environment> => {
  let now = read(await store.transact((tx) => tx.setting(environmentSetting), { readonly: true }));
  store.watch((tx) => tx.setting(environmentSetting), (text) => {
    now = read(text);
  });
  return { current: () => now };
};
