/** Owns the messages between a tab's host and its file worker. */
export type ToFileWorker = { readonly type: "open"; readonly name: string } | { readonly type: "line"; readonly port: MessagePort } | { readonly type: "close" };
export type FromFileWorker = { readonly type: "opened"; readonly kind: "opfs" | "indexeddb" } | { readonly type: "failed"; readonly message: string } | { readonly type: "closed" };
