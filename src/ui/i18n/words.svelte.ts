/**
 * Owns the chosen language and the lookup of a message. Own module instead of paraglide: two languages of flat tables need no compiler,
 * switch without a reload by being one rune, and a key that one language lacks fails the type check (`zh` tables are typed by `en`'s keys).
 * Syntax: `{name}` is a value; `one|other` picks by `n` (English plural). Status tokens, names, values and logs are never translated.
 */
import { en, type Key } from "./en.ts";
import { zh } from "./zh.ts";

export type { Key };
export const locales = ["en", "zh-CN"] as const;
export type Locale = (typeof locales)[number];
export type Values = Readonly<Record<string, string | number>>;

const tables: Readonly<Record<Locale, Readonly<Record<Key, string>>>> = { en, "zh-CN": zh };

export const localeOf = (text: string | undefined | null): Locale | undefined =>
  text === undefined || text === null || text === "" ? undefined : text.toLowerCase().startsWith("zh") ? "zh-CN" : "en";

class Words {
  locale = $state<Locale>(localeOf(localStorage.getItem("dagbok.locale")) ?? localeOf(navigator.language) ?? "en");
  choose(locale: Locale): void {
    this.locale = locale;
    localStorage.setItem("dagbok.locale", locale);
    document.documentElement.lang = locale;
  }
}
export const words = new Words();

/** Thin-space thousands: 12 406. */
export const figure = (n: number): string => String(n).replace(/\B(?=(\d{3})+(?!\d))/g, "\u2009");

export const fill = (message: string, values: Values = {}): string => {
  const forms = message.split("|");
  const one = forms.length === 2 && values["n"] === 1;
  const text = forms.length === 2 ? (one ? forms[0] : forms[1]) ?? message : message;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? figure(value) : value;
  });
};
export const t = (key: Key, values?: Values): string => fill(tables[words.locale][key], values);
export const hasKey = (key: string): key is Key => Object.hasOwn(en, key);
