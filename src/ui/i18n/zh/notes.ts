/** 导入说明的中文，按代码；英文原文在核心里。 */
export const notes: Readonly<Record<string, string>> = {
  mail: "MAILTO 在这里没有对应：cron 把输出寄给你，运行则把输出留在日志里", "no-job": "这一行既不是变量也不是任务", "no-schedule": "{word} 没有对应的写法：请手动启动，或另设时间表", shell: "cron 用 {shell} 运行它；步骤里已写明",
  sunday: "Dagu 中星期日是 0，不是 7", schedule: "Dagu 读不懂这个时间表：{reason}", percent: "% 之后的内容原是命令的标准输入；现在改由管道送入", user: "cron 以 root 身份运行它；在这里它在标签页中运行",
  "file-body": "请求体来自文件 {file}；请把其内容写进 with.body", secret: "密码现在明文写在文本里；请改为密钥并引用它", "second-url": "只保留第一个地址，{url} 未保留", option: "{option} 在 http 步骤中没有对应", cors: "浏览器会先征得服务器同意（CORS）；不同意的服务器只能从后端访问",
  arguments: "脚本读取 {n} 个参数；它们现在是 params，没有默认值", "argument-list": "步骤没有参数列表；请按名称传递参数", errexit: "没有 #! 首行时，脚本遇到第一个失败的命令就停止", stdin: "步骤没有键盘：除非有管道输入，read 读到的是空", "host-program": "这里调用了机器上的程序，标签页里没有",
  "unknown-key": "Dagu 2.6 不认识“{key}”；已原样保留", "both-names": "“{key}”是“{use}”的旧名称，两者同时存在；请删去一个", "executor-beside": "executor 与 type 或 with 同时存在；请手动合并", "executor-form": "executor 的写法无法识别", "executor-keys": "executor 中有今天已无处可放的键：{key}",
  "artifacts-beside": "“{key}”应放进 artifacts，而 artifacts 已存在", "headers-beside": "forwardHeaders 应放进 webhook，而 webhook 已存在",
};
