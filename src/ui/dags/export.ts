/** Owns DAGs leaving the tab as plain YAML: one file, or all with their folders and the base configuration in one zip. Refuses to know runs (a backup holds those). */
import type { Commands } from "../../host/commands.ts";
import { baseOf } from "../../host/edit/base.ts";
import { dagRows } from "../../host/views.ts";
import type { Store } from "../../ports/store.ts";

/** Hands bytes or text to the browser's downloads. */
export const download = (name: string, data: Uint8Array | string, type = "application/octet-stream"): void => {
  const part = typeof data === "string" ? data : new Uint8Array(data);
  const url = URL.createObjectURL(new Blob([part], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
};
export const exportDag = (name: string, text: string): void => download(`${name}.yaml`, text, "application/yaml");

export const exportDags = async (store: Store, commands: Commands): Promise<void> => {
  const { strToU8, zipSync } = await import("fflate");
  const entries: Record<string, Uint8Array> = {};
  const dags = await store.transact(dagRows, { readonly: true });
  for (const { dag } of dags) {
    const head = await store.transact((tx) => tx.revision(dag.head), { readonly: true });
    if (head !== undefined) entries[`${dag.name}.yaml`] = strToU8(head.text);
    for (const file of await commands.files(dag.id)) entries[`${dag.name}/${file.path}`] = await commands.getFile(dag.id, file.path);
  }
  const base = await store.transact(baseOf, { readonly: true });
  if (base !== undefined) entries["base.yaml"] = strToU8(base);
  download("dagbok-dags.zip", zipSync(entries), "application/zip");
};
