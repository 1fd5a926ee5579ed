import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Call } from './calls.ts';
import { AwsCallError } from './errors.ts';

/**
 * States in which an Update can only belong to a rollback. Those in which a stack rests after one are not among
 * them: the next deployment starts there, and a stale answer would let it go on without its migration.
 */
const ROLLING_BACK = new Set(['ROLLBACK_IN_PROGRESS', 'ROLLBACK_FAILED', 'UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_FAILED']);

export type Rollback =
  | { readonly state: 'none' | 'under-way'; readonly stackStatus: string }
  | { readonly state: 'unknown'; readonly why: string };

/**
 * Asks CloudFormation whether the stack is being rolled back. The request itself does not tell: in a rollback it
 * is an Update from the new properties to the old ones, just as when an older release is deployed on purpose.
 *
 * A status that cannot be read is no reason to fail, nor to skip. Failing would leave every rollback half way, and
 * skipping would let a release take traffic without its migration. So the migration then runs: outside a rollback
 * that is right, and in one the older release's migration refuses a newer schema and changes nothing.
 */
export async function rollbackOf(stackId: string, cloudFormation: CloudFormationClient, call: Call): Promise<Rollback> {
  try {
    const { Stacks } = await call('DescribeStacks', stackId, (options) => cloudFormation.send(new DescribeStacksCommand({ StackName: stackId }), options));
    const stackStatus = Stacks?.[0]?.StackStatus;
    if (stackStatus === undefined) return { state: 'unknown', why: 'CloudFormation answered without a status' };
    return { state: ROLLING_BACK.has(stackStatus) ? 'under-way' : 'none', stackStatus };
  } catch (error) {
    if (error instanceof AwsCallError) return { state: 'unknown', why: error.message };
    throw error;
  }
}
