/** 与 YAML 有关的词：导入与审阅、基础配置、编辑器所知。 */
import type { yaml as english } from "../en/yaml.ts";

export const yaml: Readonly<Record<keyof typeof english, string>> = {
  "in.title": "导入", "in.lead": "新旧 Dagu 的 YAML，crontab、脚本或 curl 命令行，也可以是文件、文件夹或 Dagu 主目录的 zip。你确认之前不会保存任何内容，也不会运行。",
  "in.paste": "粘贴 YAML、crontab、脚本或 curl 命令行", "in.look": "查看", "in.files": "选择文件", "in.folder": "选择文件夹", "in.drop": "把文件、文件夹或 zip 拖到这里", "in.pasted": "粘贴的文本", "in.more": "继续添加",
  "in.reading": "正在读取第 {n} 个，共 {of} 个", "in.storing": "正在保存第 {n} 个，共 {of} 个", "in.count": "{n} 个 DAG 待导入", "in.do": "导入 {n} 个 DAG", "in.clear": "全部放下", "in.nothing": "没有选择任何内容", "in.fixNames": "有些名称需要修改",
  "in.state.as-is": "原样", "in.state.migrated": "已迁移", "in.state.made": "由{form}生成", "in.state.problems": "{n} 个问题", "in.state.same": "与本机相同", "in.form.dagu": "DAG", "in.form.crontab": " crontab ", "in.form.curl": " curl 命令行", "in.form.script": "脚本",
  "in.name": "名称", "in.nameOf": "{name} 的名称", "in.how": "如何处理", "in.howOf": "如何处理 {name}", "in.how.store": "作为新的导入", "in.how.replace": "作为 {name} 的新修订", "in.how.skip": "不导入", "in.takenAs": "本机已有名为 {name} 的 DAG。", "in.free": "改用 {name}",
  "in.fault.bad": "名称由字母、数字、短横、点和下划线组成，最多 40 个。", "in.fault.taken": "本机已有这个名称。", "in.fault.twice": "另一个也要用这个名称。",
  "in.taken": "名称已被占用的全部", "in.all.replace": "作为新修订", "in.all.rename": "换新名称", "in.all.skip": "不导入", "in.all": "全选", "in.none": "全不选",
  "in.details": "{name} 的改动与文本", "in.files.n": "附 {n} 个文件", "in.changes": "改动", "in.notes": "值得一看", "in.problems": "问题", "in.text": "文本", "in.diff": "前后对照", "in.diff.migration": "原来的，与迁移后的", "in.diff.made": "原来的，与由它生成的 DAG", "in.diff.standing": "本机的，与这一个",
  "in.before": "之前", "in.after": "之后", "in.old": "保留旧写法", "in.line": "第 {n} 行", "in.broken": "会原样保存：可以编辑，但不能启动。", "in.change.renamed": "{from} 现在是 {to}", "in.change.completed": "补上了 {to}", "in.moreNotes": "还有 {n} 条",
  "in.refused": "有 {n} 个文件未采用", "in.left": "有 {n} 个文件不属于任何 DAG，未采用", "in.refused.too-big": "{name}：{size} 太大，上限是 {limit}。", "in.refused.binary": "{name} 不是文本。", "in.refused.bad-archive": "{name} 不是可读的 zip：可能已损坏、加密，或是别的东西。",
  "in.refused.too-many": "{name}：文件太多。", "in.refused.outside": "{name} 指向压缩包之外。", "in.refused.server": "{name} 是 Dagu 服务器的配置，这里用不到。", "in.refused.empty": "{name} 是空的。", "in.refused.unreadable": "{name} 无法读取。",
  "in.base": "基础配置", "in.baseFound": "{name} 是基础配置：它垫在这里的每个 DAG 之下。", "in.baseUse": "使用它", "in.baseReplaces": "会替换正在使用的那份；撤销可以还原。",
  "in.done": "已导入 {n} 个 DAG", "in.failed": "有 {n} 个未能导入，原因写在旁边。", "in.undone": "已撤回这次导入。", "in.searchNone": "还没有可导入的内容。",
  "port.kept": "已保留，但在此标签页不起作用", "port.schema": "Dagu 2.6 的 JSON Schema，供其他编辑器使用", "new.import": "改为粘贴或导入：YAML、crontab、脚本或 curl 命令行", "port.here": "在此标签页运行", "port.backend": "需要后端", "port.later": "尚未支持", "port.dagu": "Dagu 也无法运行", "port.of": "{of} 步中的 {n} 步可在此运行", "port.title": "步骤在哪里运行", "port.all": "每个步骤都能在此标签页运行。", "port.why": "{step} 为何不能在此运行",
  "ed.next": "接下来的时间", "ed.zone": "时区 {zone}", "ed.never": "永不", "ed.kind.start": "启动",
  "ed.kind.stop": "停止", "ed.kind.restart": "重启", "ed.noValue": "还没有值：最近的运行没有给出。", "ed.valueOf": "最近的值，来自 {step}，{time}",
  "ed.valueParam": "最近的值，启动时给出，{time}", "ed.missing": "{name} 不是在这段文本里定义的。", "ed.nothingToRename": "请把光标放在步骤或它的名称上。", "ed.rename": "重命名 {name}",
  "ed.renameLead": "文本中所有用到它的地方都会更改：depends、routes 和引用。", "ed.newName": "新名称", "ed.rename.unreadable": "文本有 YAML 错误，请先改正。", "ed.rename.unknown-step": "文本中没有这个步骤。",
  "ed.rename.name-taken": "另一个步骤已用此名称。", "ed.rename.bad-name": "名称为一行，最多 255 个字符；id 以字母开头，只含字母、数字和下划线，最多 40 个。", "ed.oldWords": "这段文本含有旧版 Dagu 的键。", "ed.modernise": "改成今天的写法",
  "set.part.base": "基础配置", "base.title": "基础配置", "base.lead": "这里的内容垫在本工作区每个 DAG 之下，与 Dagu 的 base.yaml 相同：env 在前，处理器、默认值和步骤类型则在 DAG 自己没有时生效。运行会一直使用启动时的那一份。", "base.editor": "基础配置", "base.save": "保存",
  "base.saved": "已保存，从下次启动起生效。", "base.same": "没有要保存的改动", "base.bad": "内容有错误，没有更改。", "base.export": "导出 base.yaml",
};
