import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  RemoveTagsFromResourceCommand,
} from '@aws-sdk/client-ssm';
import type { ParameterHistory, ParameterTier, PutParameterCommandInput, SSMClient } from '@aws-sdk/client-ssm';
import type { Call } from './calls.ts';
import { isAwsError, SecretsError } from './errors.ts';

/** A version of a parameter, without its value. */
export interface Version {
  readonly type: string | undefined;
  /** As the writer gave it: an ARN, a key id or an alias. */
  readonly keyId: string | undefined;
  readonly tier: ParameterTier;
}

/** Parameter Store, as far as keeping secrets takes it. No method logs, and only `read` and the writers handle a value. */
export interface ParameterStore {
  /** Type of every parameter that exists and is not empty, by path; needs no permission to decrypt. */
  types(paths: readonly string[]): Promise<ReadonlyMap<string, string | undefined>>;
  lastVersion(path: string): Promise<Version | undefined>;
  /** @throws AwsCallError when it does not exist or cannot be decrypted */
  read(path: string, version?: number): Promise<{ readonly value: string; readonly version: number }>;
  /** @returns false when the parameter exists, which is then left as it is */
  create(path: string, value: string, keyArn: string, tag: Tag): Promise<boolean>;
  /** @returns the number of the new version */
  overwrite(path: string, value: string, keyArn: string, tier: ParameterTier): Promise<number>;
  /** Empty for a parameter that does not exist. */
  tags(path: string): Promise<ReadonlyMap<string, string>>;
  tag(path: string, tag: Tag): Promise<void>;
  untag(path: string, key: string): Promise<void>;
  /** Also succeeds when it is gone already. */
  delete(path: string): Promise<void>;
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** The most names that GetParameters takes. */
const BATCH = 10;

export function parameterStore(ssm: SSMClient, call: Call): ParameterStore {
  return {
    async types(paths) {
      const found = new Map<string, string | undefined>();
      for (let start = 0; start < paths.length; start += BATCH) {
        const Names = paths.slice(start, start + BATCH);
        const { Parameters = [] } = await call('GetParameters', Names.join(', '), (options) => ssm.send(new GetParametersCommand({ Names, WithDecryption: false }), options));
        for (const { Name, Type, Value } of Parameters) if (Name && Value) found.set(Name, Type);
      }
      return found;
    },

    async lastVersion(path) {
      let last: ParameterHistory | undefined;
      let NextToken: string | undefined;
      do {
        const page = await unless('ParameterNotFound', () =>
          call('GetParameterHistory', path, (options) => ssm.send(new GetParameterHistoryCommand({ Name: path, WithDecryption: false, ...(NextToken && { NextToken }) }), options)));
        for (const version of page?.Parameters ?? []) if ((version.Version ?? 0) > (last?.Version ?? 0)) last = version;
        NextToken = page?.NextToken;
      } while (NextToken);
      return last && { type: last.Type, keyId: last.KeyId, tier: last.Tier ?? 'Standard' };
    },

    async read(path, version) {
      const Name = version === undefined ? path : `${path}:${version}`;
      const { Parameter } = await call('GetParameter', Name, (options) => ssm.send(new GetParameterCommand({ Name, WithDecryption: true }), options));
      if (Parameter?.Value === undefined || Parameter.Version === undefined) {
        throw new SecretsError('VALUE_UNREADABLE', `${Name}: AWS answered without a value. Deploy again.`);
      }
      return { value: Parameter.Value, version: Parameter.Version };
    },

    async create(path, value, keyArn, tag) {
      // The tier is said, since an account can have Advanced as its default, which costs and cannot be undone.
      const input: PutParameterCommandInput = {
        Name: path, Value: value, Type: 'SecureString', KeyId: keyArn, Tier: 'Standard', Overwrite: false, Tags: [{ Key: tag.key, Value: tag.value }],
      };
      const answer = await unless('ParameterAlreadyExists', () => call('PutParameter', path, (options) => ssm.send(new PutParameterCommand(input), options)));
      return answer !== undefined;
    },

    async overwrite(path, value, keyArn, tier) {
      const input: PutParameterCommandInput = { Name: path, Value: value, Type: 'SecureString', KeyId: keyArn, Tier: tier, Overwrite: true };
      const { Version = 0 } = await call('PutParameter', path, (options) => ssm.send(new PutParameterCommand(input), options));
      return Version;
    },

    async tags(path) {
      const answer = await unless('InvalidResourceId', () =>
        call('ListTagsForResource', path, (options) => ssm.send(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: path }), options)));
      return new Map((answer?.TagList ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
    },

    async tag(path, { key, value }) {
      const command = new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId: path, Tags: [{ Key: key, Value: value }] });
      await call('AddTagsToResource', path, (options) => ssm.send(command, options));
    },

    async untag(path, key) {
      const command = new RemoveTagsFromResourceCommand({ ResourceType: 'Parameter', ResourceId: path, TagKeys: [key] });
      await unless('InvalidResourceId', () => call('RemoveTagsFromResource', path, (options) => ssm.send(command, options)));
    },

    async delete(path) {
      await unless('ParameterNotFound', () => call('DeleteParameter', path, (options) => ssm.send(new DeleteParameterCommand({ Name: path }), options)));
    },
  };
}

/** The answer, or undefined where AWS gives an error of that name, which is an answer too. */
async function unless<Answer>(awsName: string, ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isAwsError(error, awsName)) return undefined;
    throw error;
  }
}
