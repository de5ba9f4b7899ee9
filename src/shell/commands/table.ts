/** Owns the list of all commands, by name. */
import type { CommandEntry, CommandTable } from "../contract.ts";
import { awk, mawk, nawk } from "./awk/awk.ts";
import { find } from "./find/find.ts";
import { expand, unexpand, fold, fmt, column } from "./columns/fold.ts";
import { join, paste } from "./columns/paste.ts";
import { base32, base64 } from "./dump/base.ts";
import { od } from "./dump/od.ts";
import { sums } from "./sums/sums.ts";
import { nl } from "./show/number-lines.ts";
import { split } from "./show/split.ts";
import { gunzip, gzip, tar, zcat } from "./archive/table.ts";
import { cmp, diff } from "./diff/diff.ts";
import { bc } from "./number/bc.ts";
import { expr } from "./number/expr.ts";
import { factor, numfmt } from "./number/units.ts";
import { identity } from "./system/identity.ts";
import { registerNames } from "./names.ts";
import { dd, hexdump, xxd } from "./dump/hex.ts";
import { smallTools } from "./system/small.ts";
import { cut } from "./columns/cut.ts";
import { tr } from "./columns/tr.ts";
import { date } from "./date/date.ts";
import { cp, install, mv } from "./files/copy.ts";
import { grep, egrep, fgrep } from "./grep/grep.ts";
import { sed } from "./sed/sed.ts";
import { link, ln, mktemp, readlink, realpath } from "./files/links.ts";
import { ls } from "./files/list.ts";
import { chgrp, chmod, chown, mkdir, rmdir, sync, touch, truncate, unlink } from "./files/make.ts";
import { rm } from "./files/remove.ts";
import { mkfifo, stat } from "./files/stat.ts";
import { seq, yes } from "./number/seq.ts";
import { shuf, tsort } from "./order/shuffle.ts";
import { sort } from "./order/sort.ts";
import { comm, uniq } from "./order/uniq.ts";
import { basename, dirname, pathchk } from "./paths/names.ts";
import { env, nice, nohup, printenv, sleep, timeout } from "./process/run.ts";
import { xargs } from "./process/xargs.ts";
import { rareCommands } from "./rare/table.ts";
import { cat, tee } from "./show/cat.ts";
import { head } from "./show/head.ts";
import { rev, tac } from "./show/tac.ts";
import { tail } from "./show/tail.ts";
import { wc } from "./show/wc.ts";

const all: readonly CommandEntry[] = [
  dd, hexdump, xxd, ...smallTools,
  bc, expr, factor, numfmt, ...identity,
  gunzip, gzip, zcat, tar, cmp, diff,
  ...sums, expand, unexpand, fold, fmt, column, join, paste, base32, base64, od, nl, split,
  awk, mawk, nawk, find, grep, egrep, fgrep, sed, cut, tr, date, cp, install, mv, link, ln, mktemp, readlink, realpath, ls, chgrp, chmod, chown, mkdir, rmdir, sync, touch, truncate, unlink,
  rm, mkfifo, stat, seq, yes, shuf, tsort, sort, comm, uniq, basename, dirname, pathchk, env, nice, nohup, printenv, sleep, timeout, xargs,
  cat, tee, head, rev, tac, tail, wc, ...rareCommands,
];

export const commands: CommandTable = new Map(all.map((entry) => [entry.name, entry]));
registerNames(commands.keys());
