/**
 * Owns the masking of secrets (2, `secrets`): each whole value, longest first, becomes `*******`, also when it arrives in pieces.
 * Works on byte strings (one unit per byte) so that a chunk border inside a character does no harm.
 */
export const maskText = "*******";

/** Values worth masking, longest first. */
export const maskable = (values: readonly string[]): string[] =>
  [...new Set(values.filter((value) => value !== ""))].sort((a, b) => b.length - a.length);

/** Masks a complete text. */
export const masked = (text: string, values: readonly string[]): string =>
  maskable(values).reduce((now, value) => now.replaceAll(value, maskText), text);

export interface Masker {
  /** What may be shown of all pieces so far; holds back what could be the start of a secret. */
  readonly push: (piece: string) => string;
  readonly flush: () => string;
}
/** A masker of a stream of byte-string pieces; `values` as byte strings. */
export const createMasker = (values: readonly string[]): Masker => {
  const secrets = maskable(values);
  const firsts = new Set(secrets.map((secret) => secret.charCodeAt(0)));
  let held = "";
  /** Next place where a secret may begin. */
  const nextFrom = (from: number): number => {
    let at = from;
    while (at < held.length && !firsts.has(held.charCodeAt(at))) at++;
    return at;
  };
  const drain = (final: boolean): string => {
    let out = "";
    let at = 0;
    while (at < held.length) {
      const next = nextFrom(at);
      out += held.slice(at, next);
      at = next;
      if (at === held.length) break;
      const hit = secrets.find((secret) => held.startsWith(secret, at));
      const longer = !final && secrets.some((s) => held.length - at < s.length && s.startsWith(held.slice(at)) && (!hit || s.length > hit.length));
      if (longer) break;
      out += hit === undefined ? (held[at] as string) : maskText;
      at += hit === undefined ? 1 : hit.length;
    }
    held = held.slice(at);
    return out;
  };
  const push = (piece: string): string => {
    held += piece;
    return drain(false);
  };
  return secrets.length === 0 ? { push: (piece) => piece, flush: () => "" } : { push, flush: () => drain(true) };
};
