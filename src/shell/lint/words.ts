/** Owns the words of every finding, in both languages, by code. `{name}` stands for a value of the finding's data. */

export type LintLanguage = "en" | "zh";
const words = {
  syntax: ["syntax error: {message}", "语法错误：{message}"],
  "command-unknown": ["there is no command “{name}” here", "这里没有“{name}”命令"],
  "command-near": ["there is no command “{name}” here; did you mean “{use}”?", "这里没有“{name}”命令；是否想用“{use}”？"],
  "command-instead": ["“{name}” does not exist here; use “{use}”", "这里没有“{name}”；请改用“{use}”"],
  "command-process": ["“{name}” starts programs outside the browser; this step needs a backend", "“{name}” 需要在浏览器之外启动程序；此步骤需要后端"],
  "command-network": ["“{name}” needs raw network connections, which a browser does not give; use curl or an http step", "“{name}” 需要底层网络连接，浏览器不提供；请改用 curl 或 http 步骤"],
  "command-package": ["“{name}” installs programs; nothing can be installed here", "“{name}” 用于安装程序；这里无法安装程序"],
  "command-compiler": ["“{name}” is a language tool that does not exist here; use node or python3", "这里没有语言工具“{name}”；请改用 node 或 python3"],
  "command-screen": ["“{name}” needs a terminal, and a step has none", "“{name}” 需要终端，而步骤没有终端"],
  "command-system": ["“{name}” manages a whole machine; here is only this step", "“{name}” 用于管理整台机器；这里只有此步骤"],
  "command-disk": ["“{name}” manages disks; there are none here", "“{name}” 用于管理磁盘；这里没有磁盘"],
  "option-unknown": ["“{name}” does not take the option “{option}” here", "这里的“{name}”不支持选项“{option}”"],
  "sh-command": ["“{name}” exists in bash, not in sh", "“{name}” 只在 bash 中可用，sh 中没有"],
  "sh-test": ["“[[ … ]]” is bash; in sh use “[ … ]” or case", "“[[ … ]]” 是 bash 语法；在 sh 中请用“[ … ]”或 case"],
  "sh-arithmetic": ["“(( … ))” is bash; in sh use “[ $((…)) … ]”", "“(( … ))” 是 bash 语法；在 sh 中请用“[ $((…)) … ]”"],
  "sh-array": ["arrays are bash; sh has only “$@”", "数组是 bash 语法；sh 只有“$@”"],
  "sh-append": ["“{name}+=” is bash; in sh write {name}=\"${name}…\"", "“{name}+=” 是 bash 语法；在 sh 中请写 {name}=\"${name}…\""],
  "sh-process": ["“{operator}( … )” is bash; in sh use a temporary file or a named pipe", "“{operator}( … )” 是 bash 语法；在 sh 中请用临时文件或命名管道"],
  "sh-function": ["“function {name}” is bash; in sh write {name}() { …; }", "“function {name}” 是 bash 语法；在 sh 中请写 {name}() { …; }"],
  "sh-redirect": ["“{operator}” is bash; in sh write {use}", "“{operator}” 是 bash 语法；在 sh 中请写 {use}"],
  "sh-string": ["“<<<” is bash; in sh use a here-document or printf … |", "“<<<” 是 bash 语法；在 sh 中请用 here-document 或 printf … |"],
  "sh-loop": ["“for ((…))” is bash; in sh use while with a counter", "“for ((…))” 是 bash 语法；在 sh 中请用带计数器的 while"],
  "sh-select": ["“select” is bash, not sh", "“select” 是 bash 语法，sh 中没有"],
  "sh-coproc": ["“coproc” is bash; in sh use two named pipes", "“coproc” 是 bash 语法；在 sh 中请用两个命名管道"],
  "sh-quote": ["“$'…'” is bash; in sh use printf", "“$'…'” 是 bash 语法；在 sh 中请用 printf"],
  "sh-expansion": ["“{text}” is bash, not sh", "“{text}” 是 bash 语法，sh 中没有"],
  "sh-brace": ["sh does not expand braces: “{text}” stays as it is", "sh 不展开花括号：“{text}”会保持原样"],
  "sh-case": ["“{operator}” in case is bash; sh has only “;;”", "case 中的“{operator}”是 bash 语法；sh 只有“;;”"],
  "sh-option": ["sh has no option “{option}”", "sh 没有选项“{option}”"],
  "feature-socket": ["{path} opens a raw connection, which a browser does not give; use curl", "{path} 需要底层网络连接，浏览器不提供；请改用 curl"],
  "feature-terminal": ["“{text}” needs a terminal, and a step has none", "“{text}” 需要终端，而步骤没有终端"],
  "feature-device": ["there is no device {path} here", "这里没有设备 {path}"],
} as const satisfies Readonly<Record<string, readonly [en: string, zh: string]>>;

export type LintCode = keyof typeof words;
export const lintCodes = Object.keys(words) as readonly LintCode[];

/** The words for a finding's code and data; a code of another version is shown as it is. */
export const lintText = (code: string, data: Readonly<Record<string, string>>, language: LintLanguage): string => {
  const found = (words as Readonly<Record<string, readonly [string, string]>>)[code];
  if (found === undefined) return code;
  return found[language === "en" ? 0 : 1].replace(/\{(\w+)\}/g, (whole, key: string) => data[key] ?? whole);
};
