/** Owns the params that a call or parallel step hands to its child (5.4, 8.5). */
import { expandNow, type Names } from "../expand/expand.ts";
import { fields } from "../expand/phases.ts";
import { goQuote } from "../go/text.ts";
import { paramsText, tokenize } from "./tokens.ts";

export type CallParamsShape =
  | { readonly type: "none" }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "pairs"; readonly pairs: readonly { readonly name: string; readonly value: string }[] };

/** Named values are quoted again before they are expanded, so that spaces inside of them survive; a JSON text stays whole. */
const requoted = (text: string): string => {
  if (/^\s*[{[]/.test(text)) return text;
  return tokenize(text)
    .map(({ name, value, quoted }) => {
      const body = quoted && !value.startsWith("`") ? goQuoteKeepingReferences(value) : value;
      return name === undefined ? body : `${name}=${body.startsWith('"') ? body : /\s|\$/.test(value) ? goQuoteKeepingReferences(value) : value}`;
    })
    .join(" ");
};
const goQuoteKeepingReferences = (value: string): string => (/[\\\n\t]/.test(value) ? `"${value.replaceAll('"', '\\"')}"` : goQuote(value));

/** The one argument the child is started with; "" for none. */
export const callParams = (params: CallParamsShape, names: Names): string => {
  if (params.type === "none") return "";
  if (params.type === "text") return expandNow(requoted(params.text), fields.callParams, names);
  return paramsText(params.pairs.map(({ name, value }) => ({
    ...(name === "" || /^\d+$/.test(name) ? {} : { name }),
    value: expandNow(value, { ...fields.callParams, quoted: false }, names),
  })));
};
