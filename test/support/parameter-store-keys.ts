import { randomUUID } from 'node:crypto';

/** An error that the endpoint answers with. */
export class FakeAwsError extends Error {
  readonly awsName: string;

  constructor(awsName: string) {
    super(awsName);
    this.awsName = awsName;
  }
}

export interface FakeKey {
  readonly Arn: string;
  readonly KeyId: string;
  readonly AWSAccountId: string;
  KeyManager: string;
  KeyState: string;
  KeySpec: string;
  KeyUsage: string;
  MultiRegion: boolean;
}

/** The keys and aliases of an account, with an encryption that only they undo. */
export class Keys {
  readonly account = '123456789012';
  readonly #keys = new Map<string, FakeKey>();
  readonly #aliases = new Map<string, string>();

  constructor() {
    this.alias('alias/aws/ssm', this.add({ KeyManager: 'AWS' }));
  }

  add(traits: Partial<FakeKey> = {}): FakeKey {
    const KeyId = traits.KeyId ?? randomUUID();
    const key: FakeKey = {
      KeyId,
      Arn: `arn:aws:kms:eu-west-2:${this.account}:key/${KeyId}`,
      AWSAccountId: this.account,
      KeyManager: 'CUSTOMER',
      KeyState: 'Enabled',
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyUsage: 'ENCRYPT_DECRYPT',
      MultiRegion: false,
      ...traits,
    };
    this.#keys.set(key.KeyId, key);
    return key;
  }

  alias(name: string, key: FakeKey): void {
    this.#aliases.set(name, key.KeyId);
  }

  describe(id: string): { KeyMetadata: FakeKey } {
    const key = this.#find(id);
    if (key === undefined) throw new FakeAwsError('NotFoundException');
    return { KeyMetadata: key };
  }

  encrypt(id: string, value: string): string {
    const key = this.#usable(id);
    return `AQICAH${Buffer.from(JSON.stringify([key.KeyId, value])).toString('base64')}`;
  }

  decrypt(wrapped: string): string {
    const { keyId, value } = unwrap(wrapped);
    this.#usable(keyId);
    return value;
  }

  /** The key that a wrapped value really is under, whatever id it was written with. */
  keyOf(wrapped: string): FakeKey | undefined {
    return this.#keys.get(unwrap(wrapped).keyId);
  }

  #usable(id: string): FakeKey {
    const key = this.#find(id);
    if (key?.KeyState !== 'Enabled') throw new FakeAwsError('InvalidKeyId');
    return key;
  }

  #find(id: string): FakeKey | undefined {
    const name = id.slice(id.lastIndexOf(':') + 1);
    return this.#keys.get(this.#aliases.get(name) ?? name.replace(/^key\//, ''));
  }
}

function unwrap(wrapped: string): { keyId: string; value: string } {
  const [keyId, value] = JSON.parse(Buffer.from(wrapped.slice(6), 'base64').toString()) as [string, string];
  return { keyId, value };
}
