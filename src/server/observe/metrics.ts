/**
 * Owns the server's numbers and their text for Prometheus: counters, a histogram of seconds, gauges read when asked. Labels are few and
 * known beforehand (patterns, codes, states): never a name, an id or a secret. Knows no route and no storage.
 */

const counters = {
  dagbok_http_requests_total: "Requests answered, by route, method and status.",
  dagbok_sync_requests_total: "Requests of replication, by type and answer.",
  dagbok_sync_edits_total: "Edits of pushes: taken, set aside, denied.",
  dagbok_sync_rows_sent_total: "Rows sent in pages.",
  dagbok_sync_forks_total: "Requests answered with fork: a copied or rolled-back device.",
  dagbok_sync_offers_total: "Rows given back to a restored server: taken, aside.",
  dagbok_refusals_total: "Requests refused, by code.",
  dagbok_sessions_reaped_total: "Sync sessions given up because their owner went silent.",
  dagbok_devices_retired_total: "Devices retired after 90 days of silence.",
  dagbok_tombstones_collected_total: "Deleted rows collected.",
  dagbok_blobs_swept_total: "Blobs removed because nothing spoke of them.",
  dagbok_database_errors_total: "Errors of the database, by where they came up.",
} as const;
export type Counter = keyof typeof counters;
const gauges = {
  dagbok_up: "1 while the process answers.",
  dagbok_database_up: "1 while the database answers.",
  dagbok_event_streams: "Devices listening for hints at this node.",
  dagbok_spaces: "Workspaces with replicated rows.",
  dagbok_head: "Sum of the spaces' heads: commits of all time.",
  dagbok_sessions: "Sync sessions kept, by state.",
  dagbok_process_resident_bytes: "Memory of the process.",
} as const;
export type Gauge = keyof typeof gauges;
export type Labels = Readonly<Record<string, string>>;
export interface Sample {
  readonly name: Gauge;
  readonly labels?: Labels;
  readonly value: number;
}
export interface Metrics {
  readonly count: (name: Counter, labels?: Labels, by?: number) => void;
  /** One answered request. */
  readonly observe: (route: string, seconds: number) => void;
  /** Everything, with the gauges as they are now. */
  readonly text: (now: readonly Sample[]) => string;
}
const latency = "dagbok_http_request_seconds";
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

const escape = (value: string): string => value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
const labelled = (name: string, labels: Labels): string => {
  const parts = Object.entries(labels).map(([key, value]) => `${key}="${escape(value)}"`);
  return parts.length === 0 ? name : `${name}{${parts.join(",")}}`;
};
const head = (name: string, type: string, help: string): string => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;

interface Histogram {
  readonly counts: number[];
  sum: number;
  count: number;
}
const histogramText = (all: ReadonlyMap<string, Histogram>): string => {
  let text = head(latency, "histogram", "Seconds until a request was answered, by route.");
  for (const [route, { counts, sum, count }] of all) {
    let below = 0;
    for (const [i, bound] of bounds.entries()) text += `${labelled(`${latency}_bucket`, { route, le: String(bound) })} ${(below += counts[i] ?? 0)}\n`;
    text += `${labelled(`${latency}_bucket`, { route, le: "+Inf" })} ${count}\n${labelled(`${latency}_sum`, { route })} ${sum}\n${labelled(`${latency}_count`, { route })} ${count}\n`;
  }
  return text;
};

export const createMetrics = (): Metrics => {
  const values = new Map<Counter, Map<string, number>>();
  const latencies = new Map<string, Histogram>();
  return {
    count: (name, labels = {}, by = 1) => {
      const series = values.get(name) ?? new Map<string, number>();
      const key = labelled(name, labels);
      values.set(name, series.set(key, (series.get(key) ?? 0) + by));
    },
    observe: (route, seconds) => {
      const one = latencies.get(route) ?? { counts: bounds.map(() => 0), sum: 0, count: 0 };
      latencies.set(route, one);
      const at = bounds.findIndex((bound) => seconds <= bound);
      if (at !== -1) one.counts[at] = (one.counts[at] ?? 0) + 1;
      one.sum += seconds;
      one.count++;
    },
    text: (now) => {
      let text = "";
      for (const [name, help] of Object.entries(counters)) {
        text += head(name, "counter", help);
        const series = values.get(name as Counter);
        for (const [key, value] of series ?? []) text += `${key} ${value}\n`;
      }
      for (const [name, help] of Object.entries(gauges)) {
        const samples = now.filter((sample) => sample.name === name);
        if (samples.length > 0) text += head(name, "gauge", help) + samples.map(({ labels = {}, value }) => `${labelled(name, labels)} ${value}\n`).join("");
      }
      return text + histogramText(latencies);
    },
  };
};
