import { GetParameterHistoryCommand, GetParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { ParameterHistory } from '@aws-sdk/client-ssm';
import { RefusedSecretError } from './operator-value.ts';
import { ACCOUNT_KEY } from './table.ts';

/** What can be known of a parameter without decrypting it. */
export type Sighting =
  | { readonly is: 'present'; readonly type: string; readonly modified: Date | undefined }
  | { readonly is: 'absent' }
  /** Not the same as absent: it could not be asked. */
  | { readonly is: 'unknown'; readonly why: string };

/** The last version of a parameter, without its value. */
export interface LastVersion {
  readonly type: string | undefined;
  readonly keyId: string | undefined;
  readonly tier: ParameterHistory['Tier'];
}

/** The most names that GetParameters takes. */
const BATCH = 10;

/** The Parameter Store of whichever account the SDK's default credentials lead to. */
export class AccountParameters {
  readonly #region: string;
  readonly #ssm: SSMClient;

  constructor(region: string) {
    this.#region = region;
    this.#ssm = new SSMClient({ region });
  }

  /**
   * Refuses credentials of another account, told by a key that every account has.
   *
   * @throws RefusedSecretError `WRONG_ACCOUNT`
   */
  async demandAccount(expected: string): Promise<void> {
    const { DescribeKeyCommand, KMSClient } = await import('@aws-sdk/client-kms'); // a client that most runs do not need
    const { KeyMetadata } = await new KMSClient({ region: this.#region }).send(new DescribeKeyCommand({ KeyId: ACCOUNT_KEY }));
    if (KeyMetadata?.AWSAccountId === expected) return;
    throw new RefusedSecretError('WRONG_ACCOUNT', `Got credentials of the account ${KeyMetadata?.AWSAccountId ?? '(unknown)'}, expected ${expected}, which the deployment file names; choose other credentials (AWS_PROFILE).`);
  }

  async look(paths: readonly string[]): Promise<ReadonlyMap<string, Sighting>> {
    const batches = Array.from({ length: Math.ceil(paths.length / BATCH) }, (_, index) => paths.slice(index * BATCH, (index + 1) * BATCH));
    return new Map((await Promise.all(batches.map((batch) => this.#lookAt(batch)))).flat());
  }

  async #lookAt(paths: readonly string[]): Promise<readonly (readonly [string, Sighting])[]> {
    try {
      const { Parameters = [] } = await this.#ssm.send(new GetParametersCommand({ Names: [...paths], WithDecryption: false }));
      return paths.map((path) => {
        const found = Parameters.find(({ Name }) => Name === path);
        return [path, found === undefined ? { is: 'absent' } : { is: 'present', type: found.Type ?? 'of unknown type', modified: found.LastModifiedDate }];
      });
    } catch (error) {
      const why = error instanceof Error ? error.name : 'UnknownError';
      if (why !== 'AccessDeniedException') throw error;
      // AWS denies a batch if it denies one of its names, so each is asked for by itself.
      if (paths.length > 1) return (await Promise.all(paths.map((path) => this.#lookAt([path])))).flat();
      return paths.map((path) => [path, { is: 'unknown', why }]);
    }
  }

  async lastVersion(path: string): Promise<LastVersion | undefined> {
    let last: ParameterHistory | undefined;
    let NextToken: string | undefined;
    try {
      do {
        const page = await this.#ssm.send(new GetParameterHistoryCommand({ Name: path, WithDecryption: false, ...(NextToken && { NextToken }) }));
        for (const version of page.Parameters ?? []) if ((version.Version ?? 0) > (last?.Version ?? 0)) last = version;
        NextToken = page.NextToken;
      } while (NextToken);
    } catch (error) {
      if (error instanceof Error && error.name === 'ParameterNotFound') return undefined;
      throw error;
    }
    return last && { type: last.Type, keyId: last.KeyId, tier: last.Tier };
  }

  /** Writes a SecureString: a new one under the account's own key, the next version of an existing one under the key of the last. */
  async put(path: string, value: string, last: LastVersion | undefined): Promise<{ readonly version: number | undefined; readonly keyId: string }> {
    const keyId = last?.keyId ?? ACCOUNT_KEY;
    const { Version } = await this.#ssm.send(
      new PutParameterCommand({ Name: path, Value: value, Type: 'SecureString', KeyId: keyId, Tier: last?.tier ?? 'Standard', Overwrite: last !== undefined }),
    );
    return { version: Version, keyId };
  }
}
