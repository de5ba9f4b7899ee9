/** Reading scripts without running them: every code has a case that shows it and one that does not. */
import { describe, expect, it } from "vitest";
import { lintScript } from "../../../src/shell/lint.ts";
import { lintCodes, lintText } from "../../../src/shell/lint/words.ts";

const codes = (text: string, mode: "sh" | "bash" = "bash"): readonly string[] => lintScript(text, mode).map(({ code, line, column }) => `${line}:${column} ${code}`);

describe("commands", () => {
  it.each([
    ["echo a\n  grpe x f", ["2:3 command-near"]],
    ["zzqx 1", ["1:1 command-unknown"]],
    ["docker run x", ["1:1 command-process"]],
    ["x=$(git log)", ["1:5 command-network"]],
    ["apt-get install jq", ["1:1 command-package"]],
    ["gcc -o a a.c", ["1:1 command-compiler"]],
    ["vim f", ["1:1 command-instead"]],
    ["top", ["1:1 command-screen"]],
    ["sudo ls", ["1:1 command-system"]],
    ["fdisk -l", ["1:1 command-disk"]],
    ["cat f | less", ["1:9 command-instead"]],
    ["f() { :; }; f; alias g='ls -l'; g", []],
    ['"$tool" x; $cmd; ./own.sh; . ./lib.sh; from_lib', []],
    ["/bin/echo a; /usr/bin/sort f; sh -c x; bash x.sh", []],
    ["if a=1; then [ -n \"$a\" ] && printf x; fi; for i in 1 2; do seq $i; done", []],
  ])("%s", (script, wanted) => {
    expect(codes(script)).toEqual(wanted);
  });
});
describe("options", () => {
  it.each([
    ["sort -n -k2 --reverse f", []],
    ["sort -n --fast f", ["1:9 option-unknown"]],
    ["head -5 f; tail +2 f; grep -3 x f; seq -5 5; chmod -x f", []],
    ["head -Q f", ["1:6 option-unknown"]],
    ["cut -d ' ' -f1 f; cut -d, -f 2", []],
    ["env -i A=1 ls -Z", []],
    ["ls $options -l", []],
    ["echo -Q; printf -- x", []],
    ["cat -- -Q", []],
  ])("%s", (script, wanted) => {
    expect(codes(script)).toEqual(wanted);
  });
});
describe("sh", () => {
  it.each([
    ["[[ a = b ]]", ["1:1 sh-test"]],
    ["((x++))", ["1:1 sh-arithmetic"]],
    ["a=(1 2)", ["1:1 sh-array"]],
    ["echo ${a[1]}", ["1:6 sh-array"]],
    ["x+=1", ["1:1 sh-append"]],
    ["cat <(ls)", ["1:5 sh-process"]],
    ["function f { :; }", ["1:1 sh-function"]],
    ["ls &> f", ["1:4 sh-redirect"]],
    ["ls |& cat", ["1:1 sh-redirect"]],
    ["cat <<< x", ["1:5 sh-string"]],
    ["for ((i=0;i<2;i++)); do :; done", ["1:1 sh-loop"]],
    ["select x in a; do :; done", ["1:1 sh-select"]],
    ["coproc cat", ["1:1 sh-coproc"]],
    ["echo $'a\\n'", ["1:6 sh-quote"]],
    ["echo ${x/a/b} ${x^^}", ["1:6 sh-expansion", "1:15 sh-expansion"]],
    ["echo {a,b}", ["1:6 sh-brace"]],
    ["case x in x) ;& *) ;; esac", ["1:11 sh-case"]],
    ["set -euo pipefail", ["1:10 sh-option"]],
    ["source f", ["1:1 sh-command"]],
    ["x=${y:-d}; echo \"${x#a}\" $((x+1)) `ls`; f() { local z; }", []],
  ])("%s", (script, wanted) => {
    expect(codes(script, "sh")).toEqual(wanted);
  });
});
describe("features and syntax", () => {
  it.each([
    ["exec 3<>/dev/tcp/host/80", ["1:6 feature-socket"]],
    ["read x < /dev/tty", ["1:8 feature-terminal"]],
    ["cat < /dev/sda", ["1:5 feature-device"]],
    ["echo x > /dev/null 2>/dev/stderr", []],
    ["if true; then echo", ["1:19 syntax"]],
  ])("%s", (script, wanted) => {
    expect(codes(script)).toEqual(wanted);
  });
  it("has words for every code in both languages", () => {
    for (const code of lintCodes) expect(lintText(code, {}, "zh")).not.toBe(lintText(code, {}, "en"));
    expect(lintScript("grpe", "bash")[0]).toEqual({ line: 1, column: 1, code: "command-near", data: { name: "grpe", use: "grep" }, text: "there is no command “grpe” here; did you mean “grep”?" });
  });
});
