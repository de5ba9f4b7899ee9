import { describe, expect, it } from "vitest";
import { expand, expandNow, ExpansionError, type CommandResult, type Names } from "../../../src/core/value/expand/expand.ts";
import { fields, type Field } from "../../../src/core/value/expand/phases.ts";

const values: Readonly<Record<string, string>> = {
  V: "teal", WORD: "telescope", PATHY: "a/b/c.tar.gz", LINES: 'one\n"two"', CFG: '{"db":{"host":"h1","ports":[5432,5433]},"on":true,"nil":null,"big":1000000,"frac":0.5,"o":{"b":1,"a":"<"}}',
  ARR: '[{"n":"x"},{"n":"y"}]', "1": "first", EMPTY: "", NEST: "$V",
};
const names: Names = {
  get: (name) => values[name],
  host: (name) => (name === "HOME" ? "/home/u" : undefined),
  ref: (id) => (id === "make" ? { stdoutPath: "/runs/r/logs/1/make.out", exitCode: "7", output: '{"k":"v","n":[1,2]}' } : undefined),
};
const cases: readonly (readonly [field: Field, text: string, expected: string])[] = [
  ["with", "a ${V} b $V, ${V}s", "a teal b teal, teals"],
  ["with", "cost \\$V and \\${V} but $V", "cost $V and ${V} but teal"],
  ["with", "value=${NOT_DEFINED} $ALSO_NOT", "value=${NOT_DEFINED} $ALSO_NOT"],
  ["with", "'${V}' '$V' ' ${V} '", "'${V}' '$V' ' teal '"],
  ["with", "${V:-no} ${UNSET:-alt} ${make.output.k}", "${V:-no} ${UNSET:-alt} ${make.output.k}"],
  ["with", '"${LINES}"', '"one\n"two""'],
  ["with", "${CFG.db.host} ${CFG.db.ports[1]} ${CFG.on} ${CFG.gone} ${CFG.nil}", "h1 5433 true <nil> <nil>"],
  ["with", "${CFG.big} ${CFG.frac} ${CFG.o} ${CFG.db.host.x} ${V.a}", '1e+06 0.5 {"a":"\\u003c","b":1} ${CFG.db.host.x} ${V.a}'],
  ["with", "${ARR.[0]} ${ARR.[1].n} $CFG.on $V.rest", '{"n":"x"} y true teal.rest'],
  ["command", 'printf "${LINES}" "x ${V}" \\$V \\$NOPE', 'printf "one\\n\\"two\\"" "x teal" \\teal \\$NOPE'],
  ["command", "$1 ${2} ${make.exit_code} ${make.exitCode} ${make.output.n[1]} ${make.stdout} ${make.stderr}", "first ${2} 7 7 2 /runs/r/logs/1/make.out ${make.stderr}"],
  ["command", "${make.output:2:3}|${make.output:90}|${nope.output}", 'k":||${nope.output}'],
  ["script", 'echo $V ${V} $1 "${V}" ${CFG.on} \\$V', 'echo $V ${V} first "teal" true \\$V'],
  ["exec", "${WORD:0:4}|${#WORD}|${WORD:4}|${PATHY##*/}|${PATHY%.gz}|${PATHY%%.*}|${PATHY/b/X}|${WORD:-no}|${NEVER:-alt}|\\$WORD|$GONE", "tele|9|scope|c.tar.gz|a/b/c.tar|a/b/c|a/X/c.tar.gz|telescope|alt|$WORD|"],
  ["exec", "`echo hi` $(echo no) $HOME", "`echo hi` $(echo no) /home/u"],
  ["stepEnv", "${WORD:0:3} ${#WORD} ${SNEAKY} ${HOME} ${SNEAKY:-x}", "tel 9 ${SNEAKY} ${HOME} ${SNEAKY:-x}"],
  ["stepEnv", "$NEST", "teal"],
  ["dagEnv", "<${NOT_KNOWN}> ${NOT_KNOWN:-alt} ${HOME} a\\\\b", "<> alt /home/u a\\\\b"],
  ["callParams", "\\$V ${V:0:2}", "\\teal te"],
];

describe("expansion by field (15.1)", () => {
  it.each(cases)("%s: %s", (field, text, expected) => {
    expect(expandNow(text, field === "dagEnv" ? { ...fields[field], backticks: "off" } : fields[field], names)).toBe(expected);
  });
  const drive = (text: string, field: Field, answer: (command: string) => CommandResult): string => {
    const work = expand(text, fields[field], names);
    let turn = work.next();
    while (!turn.done) turn = work.next(answer(turn.value));
    return turn.value;
  };
  it("runs backticks with names already replaced, and trims what they print", () => {
    expect(drive("<`echo ${V}`>", "stepEnv", (command) => ({ ok: true, stdout: ` ${command}\n` }))).toBe("<echo teal>");
  });
  it("leaves an unclosed backtick", () => {
    expect(drive("a ` b", "stepEnv", () => ({ ok: false, message: "" }))).toBe("a ` b");
  });
  it("words a failing backtick as Dagu does", () => {
    expect(() => drive("`exit 3`", "dagEnv", () => ({ ok: false, message: "exit status 3\nstderr=" }))).toThrow(new ExpansionError('phase substitute: failed to execute command "exit 3": exit status 3\nstderr='));
  });
});
