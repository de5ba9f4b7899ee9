/**
 * Owns the cryptography of secrets: AES-256-GCM under a key that cannot be read out; the key wrapped, on request, by one made of a
 * passphrase with PBKDF2 over SHA-256, 600,000 rounds, 16 random bytes of salt. Refuses to know where anything is kept.
 */
import { VaultError } from "../../ports/vault.ts";

export const rounds = 600_000;
const saltBytes = 16;
const ivBytes = 12;

export interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly bytes: ArrayBuffer;
}
export interface Wrapped extends Sealed {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly rounds: number;
}
const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));
const encoded = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** A key whose bytes nobody can ask for. */
export const makeKey = (): Promise<CryptoKey> => crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);

/** `place` is bound to the ciphertext: moved elsewhere, it does not open. */
export const seal = async (key: CryptoKey, place: string, value: string): Promise<Sealed> => {
  const iv = random(ivBytes);
  return { iv, bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: encoded(place) }, key, encoded(value)) };
};
export const unseal = async (key: CryptoKey, place: string, { iv, bytes }: Sealed): Promise<string> => {
  try {
    return new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: encoded(place) }, key, bytes));
  } catch (error) {
    throw new VaultError("damaged", `a kept secret does not open: ${error instanceof Error ? error.name : String(error)}`);
  }
};

const wrapKeyOf = async (passphrase: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<CryptoKey> => {
  const base = await crypto.subtle.importKey("raw", encoded(passphrase.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, base, { name: "AES-GCM", length: 256 }, false, ["wrapKey", "unwrapKey"]);
};
/** A new key and itself wrapped; the key answered cannot be read out, the one that was wrapped is forgotten here. */
export const makeWrapped = async (passphrase: string): Promise<{ readonly key: CryptoKey; readonly wrapped: Wrapped }> => {
  const [salt, iv] = [random(saltBytes), random(ivBytes)];
  const open = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  const bytes = await crypto.subtle.wrapKey("raw", open, await wrapKeyOf(passphrase, salt, rounds), { name: "AES-GCM", iv });
  const wrapped = { salt, rounds, iv, bytes };
  return { key: await unwrap(passphrase, wrapped), wrapped };
};
export const unwrap = async (passphrase: string, { salt, iv, bytes, rounds: iterations }: Wrapped): Promise<CryptoKey> => {
  const by = await wrapKeyOf(passphrase, salt, iterations);
  try {
    return await crypto.subtle.unwrapKey("raw", bytes, by, { name: "AES-GCM", iv }, "AES-GCM", false, ["encrypt", "decrypt"]);
  } catch (error) {
    if (error instanceof DOMException) throw new VaultError("wrong_passphrase", "this passphrase does not open the secrets");
    throw error;
  }
};
