/** Owns the small commands that say where and as whom one runs: id, whoami, uname, hostname, nproc, arch, tty, logname, groups, which. */
import type { CommandEntry } from "../../contract.ts";
import { statOf } from "../files/tree.ts";
import { commandNames } from "../names.ts";
import { defineCommand, type Run } from "../option/declare.ts";

const userOf = (run: Run): string => run.proc.user.name;
const say = (name: string, en: string, zh: string, text: (run: Run) => string): CommandEntry =>
  defineCommand({ name, en, zh, synopsis: "[OPTION]...", options: [["--all, -s, -f, -i, -d", "ignored", "忽略"], ["--ignore=N", "ignored", "忽略"]] }, (run) => (run.out.text(`${text(run)}\n`), 0));

const UNAME: readonly (readonly [string, string])[] = [["s", "Linux"], ["n", "dagbok"], ["r", "6.1.0"], ["v", "#1 Dagbok"], ["m", "x86_64"], ["o", "GNU/Linux"]];

export const identity: readonly CommandEntry[] = [
  say("whoami", "Print the user's name.", "输出用户名。", userOf),
  say("logname", "Print the user's name.", "输出登录名。", userOf),
  say("groups", "Print the user's groups.", "输出所属组。", userOf),
  say("hostname", "Print the host's name.", "输出主机名。", (run) => run.proc.user.hostname),
  say("arch", "Print the machine's kind.", "输出机器架构。", () => "x86_64"),
  say("nproc", "Print the number of processors.", "输出处理器数量。", () => String((globalThis as { navigator?: { hardwareConcurrency?: number } }).navigator?.hardwareConcurrency ?? 1)),
  defineCommand({ name: "tty", en: "Print the terminal's name.", zh: "输出终端名。", synopsis: "[OPTION]...", options: [["-s, --silent, --quiet", "print nothing", "不输出"]] }, (run) => {
    if (!run.args.has("s")) run.out.text("not a tty\n");
    return 1;
  }),
  defineCommand(
    { name: "uname", en: "Print about the system.", zh: "输出系统信息。", synopsis: "[OPTION]...", options: [["-a, --all", "everything", "全部"], ["-s, --kernel-name", "kernel", "内核名"], ["-n, --nodename", "host", "主机名"], ["-r, --kernel-release", "release", "内核发行"], ["-v, --kernel-version", "version", "内核版本"], ["-m, --machine", "machine", "机器架构"], ["-p, --processor", "ignored", "忽略"], ["-o, --operating-system", "system", "操作系统"]] },
    (run) => {
      const { has } = run.args;
      const chosen = UNAME.filter(([key]) => has("a") || has(key));
      run.out.text(`${(chosen.length > 0 ? chosen : UNAME.slice(0, 1)).map(([, text]) => text).join(" ")}\n`);
      return 0;
    },
  ),
  defineCommand(
    { name: "id", en: "Print user and group.", zh: "输出用户和组。", synopsis: "[OPTION]... [USER]", options: [["-u, --user", "user id", "用户编号"], ["-g, --group", "group id", "组编号"], ["-G, --groups", "all group ids", "所有组编号"], ["-n, --name", "names instead", "输出名字"], ["-r, --real", "ignored", "忽略"]] },
    (run) => {
      const { has } = run.args;
      const { name, uid, gid } = run.proc.user;
      const single = has("u") || has("g") || has("G");
      run.out.text(single ? `${has("n") ? name : has("u") ? uid : gid}\n` : `uid=${uid}(${name}) gid=${gid}(${name}) groups=${gid}(${name})\n`);
      return 0;
    },
  ),
  defineCommand(
    { name: "which", en: "Print where commands are.", zh: "输出命令的位置。", synopsis: "[-a] NAME...", options: [["-a", "all of them", "全部"], ["-s", "print nothing", "不输出"]] },
    async (run) => {
      let status = 0;
      for (const name of run.args.operands) {
        let found: string | undefined;
        for (const folder of name.includes("/") ? [""] : (run.proc.env.get("PATH") ?? "").split(":")) {
          const path = folder === "" ? name : `${folder}/${name}`;
          const stat = await statOf(run, path);
          if (stat?.kind === "file" && (stat.mode & 0o111) !== 0) found ??= path;
        }
        found ??= commandNames().has(name) ? `/usr/bin/${name}` : undefined;
        if (found === undefined) status = 1;
        else if (!run.args.has("s")) run.out.text(`${found}\n`);
      }
      return status;
    },
  ),
];
