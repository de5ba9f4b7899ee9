/** 命令被拒绝时的话，按代码。 */
import type { errors as english } from "../en/errors.ts";

export const errors: Readonly<Record<keyof typeof english, string>> = {
  "error.conflict": "期间已有更新的修订发布。你的文字保留为草稿，没有覆盖任何内容。",
  "error.invalid": "定义有错误，先改正。", "error.params": "有参数不符合要求。", "error.unknown-dag": "本机上没有这个 DAG。",
  "error.unknown-run": "本机上没有这次运行。", "error.name-taken": "已有同名的 DAG。", "error.quota": "磁盘已满。删除一些运行或文件后再试。",
  "error.too-big": "文件太大。", "error.binary": "这不是文本文件。", "error.not-waiting": "这个步骤已不在等待。", "error.running": "运行尚未结束。",
  "error.other": "{message}", "error.title": "操作没有成功。",
};
