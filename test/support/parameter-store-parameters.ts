import { FakeAwsError } from './parameter-store-keys.ts';
import type { FakeKey, Keys } from './parameter-store-keys.ts';

interface FakeVersion {
  readonly Version: number;
  readonly Type: string;
  readonly KeyId: string | undefined;
  readonly Tier: string;
  readonly stored: string;
}

interface FakeParameter {
  readonly versions: FakeVersion[];
  readonly tags: Map<string, string>;
}

type Input = Readonly<Record<string, unknown>>;
interface PutInput { Name: string; Value: string; Type?: string; KeyId?: string; Tier?: string; Overwrite?: boolean; Tags?: { Key: string; Value: string }[] }

/** The most versions that Parameter Store keeps, and the most names that GetParameters takes. */
const VERSIONS = 100;
const BATCH = 10;

/** Parameter Store, as far as secrets are kept in it. */
export class Parameters {
  /** Versions that GetParameterHistory answers with at once. */
  pageSize = 50;
  readonly #keys: Keys;
  readonly #parameters = new Map<string, FakeParameter>();

  constructor(keys: Keys) {
    this.#keys = keys;
  }

  paths(): readonly string[] {
    return [...this.#parameters.keys()].toSorted();
  }

  /** The last version in plaintext, readable or not. */
  value(path: string): string | undefined {
    const last = this.#parameters.get(path)?.versions.at(-1);
    return last && (last.Type === 'SecureString' ? (JSON.parse(Buffer.from(last.stored.slice(6), 'base64').toString()) as string[])[1] : last.stored);
  }

  /** The key that the last version really is under. */
  key(path: string): FakeKey | undefined {
    const last = this.#parameters.get(path)?.versions.at(-1);
    return last?.Type === 'SecureString' ? this.#keys.keyOf(last.stored) : undefined;
  }

  version(path: string): number | undefined {
    return this.#parameters.get(path)?.versions.at(-1)?.Version;
  }

  tier(path: string): string | undefined {
    return this.#parameters.get(path)?.versions.at(-1)?.Tier;
  }

  tags(path: string): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#parameters.get(path)?.tags ?? []);
  }

  /** Writes as another client would; under the account's own key unless told otherwise. */
  put(Name: string, Value: string, options: Omit<PutInput, 'Name' | 'Value'> = {}): void {
    this.#put({ Name, Value, Type: 'SecureString', Overwrite: true, ...options });
  }

  run(operation: string, input: Input): unknown {
    const name = String(input['Name'] ?? input['ResourceId']);
    switch (operation) {
      case 'PutParameter':
        return this.#put(input as unknown as PutInput);
      case 'GetParameter': {
        const [path = '', version] = name.split(':');
        return { Parameter: this.#shown(path, input['WithDecryption'] === true, version) };
      }
      case 'GetParameters': {
        const names = input['Names'] as string[];
        if (names.length > BATCH) throw new FakeAwsError('ValidationException');
        const found = names.filter((path) => this.#parameters.has(path));
        return { Parameters: found.map((path) => this.#shown(path, input['WithDecryption'] === true)), InvalidParameters: names.filter((path) => !found.includes(path)) };
      }
      case 'GetParameterHistory': {
        const { versions } = this.#find(name, 'ParameterNotFound');
        const start = Number(input['NextToken'] ?? 0);
        const end = start + this.pageSize;
        const page = versions.slice(start, end).map(({ stored, ...version }) => ({ Name: name, ...version, Value: stored }));
        return { Parameters: page, ...(end < versions.length && { NextToken: String(end) }) };
      }
      case 'DeleteParameter':
        this.#find(name, 'ParameterNotFound');
        this.#parameters.delete(name);
        return {};
      case 'ListTagsForResource':
        return { TagList: [...this.#find(name, 'InvalidResourceId').tags].map(([Key, Value]) => ({ Key, Value })) };
      case 'AddTagsToResource':
        for (const { Key, Value } of input['Tags'] as { Key: string; Value: string }[]) this.#find(name, 'InvalidResourceId').tags.set(Key, Value);
        return {};
      case 'RemoveTagsFromResource':
        for (const key of input['TagKeys'] as string[]) this.#find(name, 'InvalidResourceId').tags.delete(key);
        return {};
      default:
        throw new FakeAwsError('UnknownOperationException');
    }
  }

  #put({ Name, Value, Type, KeyId, Tier, Overwrite = false, Tags }: PutInput): unknown {
    const existing = this.#parameters.get(Name);
    const last = existing?.versions.at(-1);
    if (Value === '' || (Overwrite && Tags !== undefined)) throw new FakeAwsError('ValidationException');
    if (last !== undefined && !Overwrite) throw new FakeAwsError('ParameterAlreadyExists');
    const type = Type ?? last?.Type ?? 'String';
    if (last !== undefined && last.Type !== type) throw new FakeAwsError('HierarchyTypeMismatchException');
    const tier = Tier ?? 'Standard';
    if (last?.Tier === 'Advanced' && tier !== 'Advanced') throw new FakeAwsError('ValidationException');
    const keyId = type === 'SecureString' ? (KeyId ?? 'alias/aws/ssm') : undefined;
    const version = { Version: (last?.Version ?? 0) + 1, Type: type, KeyId: keyId, Tier: tier, stored: keyId === undefined ? Value : this.#keys.encrypt(keyId, Value) };
    const parameter = existing ?? { versions: [], tags: new Map<string, string>() };
    for (const tag of Tags ?? []) parameter.tags.set(tag.Key, tag.Value);
    parameter.versions.push(version);
    if (parameter.versions.length > VERSIONS) parameter.versions.shift();
    this.#parameters.set(Name, parameter);
    return { Version: version.Version, Tier: tier };
  }

  #shown(path: string, decrypt: boolean, number?: string): unknown {
    const { versions } = this.#find(path, 'ParameterNotFound');
    const version = number === undefined ? versions.at(-1) : versions.find(({ Version }) => Version === Number(number));
    if (version === undefined) throw new FakeAwsError('ParameterVersionNotFound');
    const { Type, Version, stored } = version;
    const value = decrypt && Type === 'SecureString' ? this.#keys.decrypt(stored) : stored;
    return { Name: path, Type, Version, Value: value, LastModifiedDate: 1_700_000_000, DataType: 'text', ARN: `arn:aws:ssm:eu-west-2:${this.#keys.account}:parameter${path}` };
  }

  #find(path: string, otherwise: string): FakeParameter {
    const parameter = this.#parameters.get(path);
    if (parameter === undefined) throw new FakeAwsError(otherwise);
    return parameter;
  }
}
