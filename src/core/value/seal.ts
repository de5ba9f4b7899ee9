/**
 * Owns how a secret rests in a record: a captured output that holds one keeps its name between marks, never its value. Later steps get the
 * value back, since whoever runs them knows the secrets; everybody else is shown the mask. Marks are private-use characters.
 */
import { maskText } from "./mask.ts";

export interface Secretive {
  readonly name: string;
  readonly value: string;
}
const open = "\u{f0000}";
/** The value as it stands inside a JSON text. */
const openQuoted = "\u{f0002}";
const close = "\u{f0001}";
const marks = /[\u{f0000}\u{f0002}]([^\u{f0001}]*)\u{f0001}/gu;

const quoted = (value: string): string => JSON.stringify(value).slice(1, -1);

export const seal = (text: string, secrets: readonly Secretive[]): string =>
  [...secrets]
    .filter(({ value }) => value !== "")
    .sort((a, b) => b.value.length - a.value.length)
    .reduce((now, { name, value }) => {
      const sealed = now.replaceAll(value, `${open}${name}${close}`);
      return quoted(value) === value ? sealed : sealed.replaceAll(quoted(value), `${openQuoted}${name}${close}`);
    }, text);

/** A secret that is no longer declared stays masked. */
export const unseal = (text: string, secrets: readonly Secretive[]): string =>
  text.replace(marks, (mark, name: string) => {
    const value = secrets.find((secret) => secret.name === name)?.value;
    if (value === undefined) return maskText;
    return mark.startsWith(openQuoted) ? quoted(value) : value;
  });

/** As `unseal`, of a JSON text whose values were sealed before they became JSON. */
export const unsealJson = (text: string, secrets: readonly Secretive[]): string => unseal(text.replaceAll(open, openQuoted), secrets);
/** Does the text hold a sealed value? */
export const isSealed = (text: string): boolean => text.includes(close);

/** As people and records of results see it. */
export const shown = (text: string): string => text.replace(marks, maskText);
