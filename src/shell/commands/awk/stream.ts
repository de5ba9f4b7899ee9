/** Owns awk's files and pipes: records read by RS, outputs kept open by name. */
import type { Child, Maybe, OpenFile } from "../../contract.ts";
import { FileError, isPromise } from "../../contract.ts";
import type { Run } from "../option/declare.ts";
import { decode, encode } from "../stream/bytes.ts";
import { createMatcher } from "../regex/match.ts";

const CHUNK = 65_536;
const separators = new Map<string, (text: string, from: number) => readonly [number, number] | undefined>();

/** How RS is found in a text: start and end of the first separator at or after a position. */
const finderOf = (rs: string): ((text: string, from: number) => readonly [number, number] | undefined) => {
  const known = separators.get(rs);
  if (known !== undefined) return known;
  const single = rs.length === 1;
  const matcher = single ? undefined : createMatcher(rs === "" ? "\n\n+" : rs, { flavor: "awk", escapes: true, utf8: false });
  const find = (text: string, from: number): readonly [number, number] | undefined => {
    if (matcher === undefined) {
      const at = text.indexOf(rs, from);
      return at < 0 ? undefined : [at, at + 1];
    }
    const match = matcher.exec(text, from);
    return match === undefined || match.end === match.start ? undefined : [match.start, match.end];
  };
  separators.set(rs, find);
  return find;
};

export interface RecordReader {
  /** The next record, or `undefined` at the end. */
  readonly next: (rs: string) => Maybe<string | undefined>;
  readonly giveBack: () => void;
}

export const createRecordReader = (run: Run, file: OpenFile, beforeWait: () => Maybe<void>): RecordReader => {
  let text = "";
  let at = 0;
  let ended = false;
  const accept = (bytes: Uint8Array | null): void => {
    if (bytes === null) ended = true;
    else {
      text = (at >= text.length ? "" : text.slice(at)) + decode(bytes);
      at = 0;
    }
  };
  const fill = (): Maybe<void> => {
    const waited = file.kind === "file" ? run.proc.tick(8) : beforeWait();
    const read = (): Maybe<void> => {
      const bytes = file.read(CHUNK);
      return isPromise(bytes) ? bytes.then(accept) : accept(bytes);
    };
    return isPromise(waited) ? waited.then(read) : read();
  };
  const next = (rs: string): Maybe<string | undefined> => {
    for (;;) {
      if (rs === "") while (text.charAt(at) === "\n") at++;
      const found = at < text.length ? finderOf(rs)(text, at) : undefined;
      if (found !== undefined && (ended || rs.length === 1 || found[1] < text.length)) {
        const record = text.slice(at, found[0]);
        at = found[1];
        return record;
      }
      if (ended) {
        if (at >= text.length) return undefined;
        const record = text.slice(at);
        at = text.length;
        return rs === "" ? record.replace(/\n$/, "") : record;
      }
      const filled = fill();
      if (isPromise(filled)) return filled.then(() => next(rs));
    }
  };
  return {
    next,
    giveBack: () => {
      if (file.kind === "file" && at < text.length) file.unread(encode(text.slice(at)));
    },
  };
};

interface Sink {
  readonly write: (text: string) => void;
  readonly flush: () => Maybe<void>;
  readonly close: () => Promise<number>;
}
interface Source {
  readonly reader: RecordReader;
  readonly close: () => Promise<number>;
}

/** Gathers text for an open file. */
const createFileSink = (run: Run, file: OpenFile, child: Child | undefined): Sink => {
  let parts: string[] = [];
  let size = 0;
  const flush = (): Maybe<void> => {
    if (size === 0) return undefined;
    const bytes = encode(parts.join(""));
    parts = [];
    size = 0;
    return file.write(bytes);
  };
  return {
    write: (text) => {
      parts.push(text);
      size += text.length;
    },
    flush,
    close: async () => {
      await flush();
      await run.proc.close(file);
      return child === undefined ? 0 : child.wait();
    },
  };
};

/** Everything a program has open. */
export class Streams {
  private readonly sinks = new Map<string, Sink>();
  private readonly sources = new Map<string, Source>();
  private readonly run: Run;

  constructor(run: Run) {
    this.run = run;
  }

  async flushAll(): Promise<void> {
    await this.run.out.flush();
    for (const sink of this.sinks.values()) await sink.flush();
  }

  private async openSink(how: string, name: string): Promise<Sink> {
    const { proc, out } = this.run;
    if (how === "|") {
      await this.flushAll();
      const [reader, writer] = proc.pipe();
      const child = proc.spawn(["sh", "-c", name], { fds: new Map([[0, reader]]) });
      await proc.close(reader);
      return createFileSink(this.run, writer, child);
    }
    if (name === "/dev/stdout" || name === "-") return { write: out.text, flush: out.flush, close: async () => (await out.flush(), 0) };
    if (name === "/dev/stderr") return { write: (text) => void proc.stderr.write(encode(text)), flush: () => undefined, close: async () => 0 };
    return createFileSink(this.run, await proc.open(name, how === ">" ? "w" : "a"), undefined);
  }

  /** Writes to "> name", ">> name" or "| name", opening it on first use. */
  write(how: string, name: string, text: string): Maybe<void> {
    const key = how === "|" ? `|${name}` : name;
    const known = this.sinks.get(key);
    if (known !== undefined) return known.write(text);
    return this.openSink(how, name).then(
      (sink) => {
        this.sinks.set(key, sink);
        sink.write(text);
        return name === "/dev/stderr" ? undefined : sink.flush();
      },
      (error: unknown) => {
        if (error instanceof FileError) throw new FileError(error.code, "", `cannot open "${name}" for output`);
        throw error;
      },
    );
  }

  async drain(): Promise<void> {
    for (const sink of this.sinks.values()) await sink.flush();
  }

  private async openSource(kind: "file" | "command", name: string): Promise<Source | undefined> {
    const { proc } = this.run;
    await this.flushAll();
    const flush = (): Maybe<void> => this.run.out.flush();
    if (kind === "command") {
      const [reader, writer] = proc.pipe();
      const child = proc.spawn(["sh", "-c", name], { fds: new Map([[1, writer]]) });
      await proc.close(writer);
      return { reader: createRecordReader(this.run, reader, flush), close: async () => (await proc.close(reader), child.wait()) };
    }
    try {
      const file = name === "-" || name === "/dev/stdin" ? proc.stdin : await proc.open(name, "r");
      return { reader: createRecordReader(this.run, file, flush), close: async () => (file === proc.stdin ? undefined : await proc.close(file), 0) };
    } catch (error) {
      if (error instanceof FileError) return undefined;
      throw error;
    }
  }

  /** A record of a file or command; `undefined` at the end, `false` when it cannot be read. */
  async read(kind: "file" | "command", name: string, rs: string): Promise<string | undefined | false> {
    const key = `${kind} ${name}`;
    const source = this.sources.get(key) ?? (await this.openSource(kind, name));
    if (source === undefined) return false;
    this.sources.set(key, source);
    try {
      return await source.reader.next(rs);
    } catch (error) {
      if (error instanceof FileError) return false;
      throw error;
    }
  }

  /** Closes everything of that name; the status of a command, -1 when nothing was open. */
  async close(name: string): Promise<number> {
    let status = -1;
    for (const [map, key] of [[this.sinks, name], [this.sinks, `|${name}`], [this.sources, `file ${name}`], [this.sources, `command ${name}`]] as const) {
      const open = map.get(key);
      if (open === undefined) continue;
      map.delete(key);
      status = await open.close();
    }
    return status;
  }

  async closeAll(): Promise<void> {
    await this.run.out.flush();
    for (const sink of this.sinks.values()) await sink.close();
    for (const source of this.sources.values()) await source.close();
  }
}
