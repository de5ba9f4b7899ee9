/**
 * Owns the order in which bash walks an associative array: by the buckets of its hash table (1,024 of them, FNV-1 over the key's bytes),
 * the newest key of a bucket first. Scripts that print keys without sorting them show it.
 */

const bucketsMask = 1023;
const bucketOf = (key: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash, 0x01000193) ^ key.charCodeAt(i);
  return hash & bucketsMask;
};

/** A map that is walked as bash walks it; keys are byte strings. */
export class AssocMap extends Map<string, string> {
  private order: readonly string[] | undefined;

  /** The same pairs in another map, chains of a bucket in the same order. */
  copy(): AssocMap {
    const other = new AssocMap();
    for (const [key, value] of super.entries()) other.set(key, value);
    return other;
  }
  override set(key: string, value: string): this {
    if (!super.has(key)) this.order = undefined;
    return super.set(key, value);
  }
  override delete(key: string): boolean {
    this.order = undefined;
    return super.delete(key);
  }
  override clear(): void {
    this.order = undefined;
    super.clear();
  }
  private walk(): readonly string[] {
    if (this.order === undefined) {
      const placed = [...super.keys()].map((key, at) => ({ key, at, bucket: bucketOf(key) }));
      this.order = placed.sort((a, b) => a.bucket - b.bucket || b.at - a.at).map(({ key }) => key);
    }
    return this.order;
  }
  override keys(): MapIterator<string> {
    return this.walk()[Symbol.iterator]() as MapIterator<string>;
  }
  override *values(): MapIterator<string> {
    for (const key of this.walk()) yield super.get(key) as string;
  }
  override *entries(): MapIterator<[string, string]> {
    for (const key of this.walk()) yield [key, super.get(key) as string];
  }
  override [Symbol.iterator](): MapIterator<[string, string]> {
    return this.entries();
  }
}
