/** Owns the messages between a tab's host and its network broker. */
export type ToBroker = { readonly type: "line"; readonly port: MessagePort } | { readonly type: "answer"; readonly id: number; readonly granted: boolean };
export type FromBroker =
  | { readonly type: "ask"; readonly id: number; readonly run: string; readonly step: string; readonly host: string }
  | { readonly type: "forget"; readonly id: number };
