/** Owns how a function is printed back (`declare -f`, `type`): parsed again from its source and laid out as bash lays it out. */
import { parse as parseScript } from "unbash";
import { Layout } from "./layout.ts";
import { showNode } from "./node.ts";

/** "name () \n{ \n    …\n}" and its redirections; the source of the body goes in. */
export const showFunction = (name: string, source: string): string => {
  const layout = new Layout(source, 0);
  layout.function(name, parseScript(source).commands[0]?.command, showNode);
  return layout.text;
};
