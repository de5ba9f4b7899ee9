/** Owns what of an answer of replication is counted. Only numbers leave: no record, no replica. */
import type { Answer, Request } from "../../core/replica/protocol.ts";
import type { Metrics } from "./metrics.ts";

export const countAnswer = (metrics: Metrics, request: Request, answer: Answer): void => {
  metrics.count("dagbok_sync_requests_total", { type: request.type, answer: answer.type });
  if (answer.type === "fork") metrics.count("dagbok_sync_forks_total");
  if (answer.type === "page") metrics.count("dagbok_sync_rows_sent_total", {}, answer.rows.length);
  if (answer.type === "offered") metrics.count("dagbok_sync_offers_total", { outcome: answer.aside.length === 0 ? "taken" : "aside" });
  if (request.type !== "push" || answer.type !== "pushed") return;
  const [denied, aside] = [answer.denied.length, answer.setAside.length - answer.denied.length];
  metrics.count("dagbok_sync_edits_total", { outcome: "taken" }, request.edits.length - denied - aside);
  metrics.count("dagbok_sync_edits_total", { outcome: "denied" }, denied);
  metrics.count("dagbok_sync_edits_total", { outcome: "set-aside" }, aside);
};
