/** Owns the table of background jobs of one shell: numbers, processes, `%` specifications. */
import type { Process } from "./process.ts";

export interface Job {
  readonly number: number;
  readonly processes: readonly Process[];
  readonly text: string;
  /** `disown`ed or already reported by `wait -n`. */
  reported: boolean;
  /** An ended job stays findable by pid until another takes its place. */
  disowned: boolean;
}

export class Jobs {
  private list: Job[] = [];
  /** Ended or disowned children by pid, whose status `wait PID` may still ask for. */
  private readonly known = new Map<number, Process>();

  /** For a subshell: the parent's jobs can be listed, not waited for. */
  fork(): Jobs {
    const child = new Jobs();
    child.inherited = this.listed;
    return child;
  }
  private inherited: readonly Job[] = [];
  /** What `jobs` shows. */
  get listed(): readonly Job[] {
    return this.list.length > 0 ? this.list : this.inherited;
  }
  add(processes: readonly Process[], text: string): Job {
    const number = this.list.reduce((max, job) => Math.max(max, job.number), 0) + 1;
    const job: Job = { number, processes, text, reported: false, disowned: false };
    this.list.push(job);
    for (const process of processes) this.known.set(process.pid, process);
    return job;
  }
  /** Remembers a child that is no job. */
  know(process: Process): void {
    this.known.set(process.pid, process);
  }
  get all(): readonly Job[] {
    return this.list;
  }
  running(): Job[] {
    return this.list.filter((job) => lastOf(job).status === undefined);
  }
  remove(job: Job): void {
    this.list = this.list.filter((other) => other !== job);
  }
  byPid(pid: number): Process | undefined {
    return this.known.get(pid);
  }
  jobOf(pid: number): Job | undefined {
    return this.list.find((job) => job.processes.some((p) => p.pid === pid));
  }
  /** `%1`, `%%`, `%+`, `%-`, `%name`, `%?text`. */
  find(spec: string): Job | undefined {
    const body = spec.slice(1);
    if (body === "" || body === "%" || body === "+") return this.list[this.list.length - 1];
    if (body === "-") return this.list[this.list.length - 2] ?? this.list[this.list.length - 1];
    if (/^\d+$/.test(body)) return this.list.find((job) => job.number === Number(body));
    if (body.startsWith("?")) return this.list.find((job) => job.text.includes(body.slice(1)));
    return this.list.find((job) => job.text.startsWith(body));
  }
}
export const lastOf = (job: Job): Process => job.processes[job.processes.length - 1] as Process;
