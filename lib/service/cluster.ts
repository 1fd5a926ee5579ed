import { RemovalPolicy } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { storeLogGroup } from '../log-group.ts';
import { stores } from '../stores.ts';

export interface ServiceClusterProps {
  readonly vpc: IVpc;
  readonly logKey: IKey;
}

/** The cluster, and in it the group of its metrics: whatever starts a task depends on this construct, and so on both. */
export function serviceCluster(scope: Construct, id: string, { vpc, logKey }: ServiceClusterProps): Cluster {
  const cluster = new Cluster(scope, id, { vpc, containerInsightsV2: ContainerInsights.ENABLED });
  // Container Insights would create the group by itself, unencrypted and kept for ever, when the first task starts.
  storeLogGroup(cluster, 'Insights', {
    store: stores.containerInsights,
    encryptionKey: logKey,
    logGroupName: `/aws/ecs/containerinsights/${cluster.clusterName}/performance`,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return cluster;
}
