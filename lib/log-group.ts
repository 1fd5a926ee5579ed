import type { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type LogStore, tagStore } from './stores.ts';

export interface StoreLogGroupProps {
  readonly store: LogStore;
  readonly encryptionKey: IKey;
  readonly removalPolicy: RemovalPolicy;
  /** @default - CloudFormation makes a name, so that two deployments never collide */
  readonly logGroupName?: string;
}

/** A log group under the deployment's key that keeps its events as long as its store says. */
export function storeLogGroup(scope: Construct, id: string, { store, ...props }: StoreLogGroupProps): LogGroup {
  const group = new LogGroup(scope, id, { ...props, retention: store.retention });
  tagStore(group, store);
  return group;
}
