// Fernet as its specification has it (version 0x80): the one thing made here is the frame around what node:crypto does.
import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FernetKey } from './keys.ts';

const CIPHER = 'aes-128-cbc';
const VERSION = 0x80;
/** Bytes: version, seconds since 1970, initialization vector. */
const [TIME_AT, IV_AT, CIPHERTEXT_AT] = [1, 9, 25];
const BLOCK = 16;
const MAC = 32;

/** What makes two tokens of one message differ. */
export interface Salt {
  readonly now: Date;
  /** 16 bytes that no other token has. */
  readonly iv: Buffer;
}

/** A token whose parts are where they should be; what they say is not yet known to be true. */
export interface FernetToken {
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly signed: Buffer;
  readonly mac: Buffer;
}

/**
 * Encrypts and signs a message.
 *
 * @param salt @default the present time and random bytes
 */
export function encrypt({ signing, encryption }: FernetKey, message: Buffer, { now, iv }: Salt = { now: new Date(), iv: randomBytes(BLOCK) }): string {
  const head = Buffer.alloc(CIPHERTEXT_AT);
  head.writeUInt8(VERSION);
  head.writeBigUInt64BE(BigInt(Math.trunc(now.getTime() / 1000)), TIME_AT);
  iv.copy(head, IV_AT);
  const cipher = createCipheriv(CIPHER, encryption, iv);
  const signed = Buffer.concat([head, cipher.update(message), cipher.final()]);
  return padded(Buffer.concat([signed, mac(signing, signed)]));
}

/** Takes a token apart; undefined for what is none, or is one that is written in another way than the one. */
export function readToken(text: string): FernetToken | undefined {
  const bytes = Buffer.from(text, 'base64url'); // leaves out whatever is not base64
  const enciphered = bytes.length - CIPHERTEXT_AT - MAC;
  if (bytes[0] !== VERSION || enciphered < BLOCK || enciphered % BLOCK !== 0 || padded(bytes) !== text) return undefined;
  const signed = bytes.subarray(0, -MAC);
  return { iv: signed.subarray(IV_AT, CIPHERTEXT_AT), ciphertext: signed.subarray(CIPHERTEXT_AT), signed, mac: bytes.subarray(-MAC) };
}

/** Whether a token was made with this key and has not been changed since, compared in constant time. */
export function isSignedWith({ signing }: FernetKey, token: FernetToken): boolean {
  return timingSafeEqual(mac(signing, token.signed), token.mac);
}

/**
 * Decrypts a token that is known to be signed with this key.
 *
 * @returns undefined where whoever holds the key signed something else than a padded message
 */
export function decrypt({ encryption }: FernetKey, { iv, ciphertext }: FernetToken): Buffer | undefined {
  const decipher = createDecipheriv(CIPHER, encryption, iv);
  const begun = decipher.update(ciphertext);
  try {
    return Buffer.concat([begun, decipher.final()]);
  } catch {
    return undefined; // the padding is wrong, which only a signer can bring about
  }
}

function mac(signing: FernetKey['signing'], signed: Buffer): Buffer {
  return createHmac('sha256', signing).update(signed).digest();
}

/** Node writes URL-safe base64 without the padding that the specification asks for. */
function padded(bytes: Buffer): string {
  const text = bytes.toString('base64url');
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}
