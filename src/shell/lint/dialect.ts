/** Owns what sh (dash) does not understand of bash, and what no step can have. Refuses to know commands beyond their names. */
import type * as U from "unbash";
import type { Findings } from "./findings.ts";

const shortOf = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

/** The parts of a word or expansion that only bash has. */
const checkExpansion = (node: U.ParameterExpansionPart, at: number, findings: Findings): void => {
  const operation = node.operation?.type;
  if (node.index !== undefined) findings.add(at, "sh-array");
  else if (node.prefix === "!" || (operation !== undefined && operation !== "Default" && operation !== "Remove")) findings.add(at, "sh-expansion", { text: shortOf(node.text) });
};
const checkFunction = (node: U.Function, at: number, source: string, findings: Findings): void => {
  if (source.startsWith("function", node.pos)) findings.add(at, "sh-function", { name: source.slice(node.name.pos, node.name.end) });
};
const checkRedirect = (node: U.Redirect, at: number, findings: Findings): void => {
  if (node.operator === "&>") findings.add(at, "sh-redirect", { operator: "&>", use: ">FILE 2>&1" });
  else if (node.operator === "&>>") findings.add(at, "sh-redirect", { operator: "&>>", use: ">>FILE 2>&1" });
};
const checkAssignment = (node: U.Assignment, at: number, findings: Findings): void => {
  if (node.value.type === "ArrayValue" || node.index !== undefined) findings.add(at, "sh-array");
  else if (node.append === true) findings.add(at, "sh-append", { name: node.name });
};

/** Reports bash's own syntax in a script for sh. */
export const checkDialect = (node: U.SyntaxNode, at: number, source: string, findings: Findings): void => {
  switch (node.type) {
    case "TestCommand":
      return findings.add(at, "sh-test");
    case "ArithmeticCommand":
      return findings.add(at, "sh-arithmetic");
    case "ArithmeticFor":
      return findings.add(at, "sh-loop");
    case "Select":
      return findings.add(at, "sh-select");
    case "Coproc":
      return findings.add(at, "sh-coproc");
    case "HereString":
      return findings.add(at, "sh-string");
    case "ProcessSubstitution":
      return findings.add(at, "sh-process", { operator: node.operator });
    case "AnsiCQuoted":
      return findings.add(at, "sh-quote");
    case "BraceExpansion":
      return findings.add(at, "sh-brace", { text: shortOf(node.text) });
    case "ParameterExpansion":
      return checkExpansion(node, at, findings);
    case "Function":
      return checkFunction(node, at, source, findings);
    case "Redirect":
      return checkRedirect(node, at, findings);
    case "Assignment":
      return checkAssignment(node, at, findings);
    case "Pipeline":
      if (node.operators.includes("|&")) findings.add(at, "sh-redirect", { operator: "|&", use: "2>&1 |" });
      return;
    case "CaseItem":
      if (node.terminator !== undefined && node.terminator !== ";;") findings.add(at, "sh-case", { operator: node.terminator });
      return;
  }
};

const devices = /^\/dev\/(?!null$|zero$|full$|urandom$|random$|std(?:in|out|err)$|fd\/|tty$|tcp\/|udp\/|shm)/;
/** Reports what no step can have: sockets, devices, a terminal. */
export const checkFeature = (node: U.SyntaxNode, at: number, source: string, findings: Findings): void => {
  if (node.type !== "Redirect" || node.target === undefined) return;
  const path = source.slice(node.target.pos, node.target.end);
  if (/^\/dev\/(?:tcp|udp)\//.test(path)) findings.add(at, "feature-socket", { path });
  else if (path === "/dev/tty") findings.add(at, "feature-terminal", { text: path });
  else if (devices.test(path)) findings.add(at, "feature-device", { path });
};
