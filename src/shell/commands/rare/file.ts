/** Owns the body of file: what the first bytes say. */
import type { FileKind } from "../../contract.ts";
import { lstatOf, statOf } from "../files/tree.ts";
import type { Run } from "../option/declare.ts";
import { decode, hasHigh, isUtf8 } from "../stream/bytes.ts";
import { closeInput, openInput } from "../stream/input.ts";

interface Seen {
  readonly words: string;
  readonly mime: string;
  readonly charset: string;
}
const binary = (words: string, mime: string): Seen => ({ words, mime, charset: "binary" });
const magics: readonly (readonly [RegExp, Seen])[] = [
  [/^\x1f\x8b/, binary("gzip compressed data", "application/gzip")],
  [/^PK\x03\x04/, binary("Zip archive data", "application/zip")],
  [/^\x89PNG\r\n\x1a\n/, binary("PNG image data", "image/png")],
  [/^\xff\xd8\xff/, binary("JPEG image data", "image/jpeg")],
  [/^GIF8[79]a/, binary("GIF image data", "image/gif")],
  [/^%PDF-/, binary("PDF document", "application/pdf")],
  [/^SQLite format 3\0/, binary("SQLite 3.x database", "application/vnd.sqlite3")],
  [/^\x7fELF/, binary("ELF", "application/x-executable")],
  [/^\0asm/, binary("WebAssembly (wasm) binary module", "application/wasm")],
  [/^[^]{257}ustar/, binary("POSIX tar archive", "application/x-tar")],
  [/^BZh/, binary("bzip2 compressed data", "application/x-bzip2")],
  [/^\xfd7zXZ\0/, binary("XZ compressed data", "application/x-xz")],
];
const kinds: Readonly<Partial<Record<FileKind, Seen>>> = {
  directory: binary("directory", "inode/directory"), fifo: binary("fifo (named pipe)", "inode/fifo"), device: binary("character special", "inode/chardevice"),
};
const isJson = (text: string): boolean => {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // a text like any other
  }
};
const ends = (text: string): string => (/\r\n/.test(text) ? ", with CRLF line terminators" : text.includes("\n") ? "" : ", with no line terminators");
const textKind = (text: string): Seen => {
  const charset = hasHigh(text) ? (isUtf8(text) ? "utf-8" : "iso-8859-1") : "us-ascii";
  const coded = charset === "us-ascii" ? "ASCII" : charset === "utf-8" ? "Unicode text, UTF-8" : "ISO-8859";
  const script = /^#! ?(?:\/usr\/bin\/env )?(\S*\/)?(sh|bash|dash|python3?|node|perl)\b/.exec(text)?.[2];
  if (script === "sh" || script === "dash") return { words: `POSIX shell script, ${coded} text executable`, mime: "text/x-shellscript", charset };
  if (script === "bash") return { words: `Bourne-Again shell script, ${coded} text executable`, mime: "text/x-shellscript", charset };
  if (script !== undefined) return { words: `${script.startsWith("python") ? "Python" : script === "perl" ? "Perl" : "Node.js"} script, ${coded} text executable`, mime: script.startsWith("python") ? "text/x-script.python" : "text/plain", charset };
  if (isJson(text)) return { words: "JSON text data", mime: "application/json", charset };
  if (/^<\?xml/.test(text)) return { words: `XML 1.0 document, ${coded} text`, mime: "text/xml", charset };
  if (/^\s*<(?:!doctype html|html)/i.test(text)) return { words: `HTML document, ${coded} text`, mime: "text/html", charset };
  return { words: `${coded} text${ends(text)}`, mime: "text/plain", charset };
};
const look = async (run: Run, name: string): Promise<Seen> => {
  const stat = await (run.args.has("L") ? statOf : lstatOf)(run, name);
  if (stat === undefined) return { words: `cannot open \`${name}' (No such file or directory)`, mime: `cannot open \`${name}' (No such file or directory)`, charset: "" };
  if (stat.kind === "symlink") return binary(`symbolic link to ${await run.proc.fs.readlink(run.proc.resolve(name))}`, "inode/symlink");
  const known = kinds[stat.kind];
  if (known !== undefined) return known;
  if (stat.size === 0) return binary("empty", "inode/x-empty");
  if (stat.size === 1) return binary("very short file (no magic)", "application/octet-stream");
  const input = await openInput(run, name);
  const text = decode((await input.file.read(65_536)) ?? new Uint8Array());
  await closeInput(run, input);
  return magics.find(([magic]) => magic.test(text))?.[1] ?? (/[\0-\x06\x0e-\x1a\x1c-\x1f]/.test(text) ? binary("data", "application/octet-stream") : textKind(text));
};

export const file = async (run: Run): Promise<number> => {
  const { args } = run;
  if (args.operands.length === 0) return run.misuse("missing file operand");
  const width = Math.max(...args.operands.map((name) => name.length)) + 1;
  for (const name of args.operands) {
    const seen = await look(run, name);
    const shown = args.has("mime-type") ? seen.mime : args.has("i") ? `${seen.mime}${seen.charset === "" ? "" : `; charset=${seen.charset}`}` : seen.words;
    run.out.text(args.has("b") ? `${shown}\n` : `${`${name}:`.padEnd(width)} ${shown}\n`);
  }
  return 0;
};
