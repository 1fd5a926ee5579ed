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

/** The cluster, with the group of its metrics made before anything runs in it. */
export function serviceCluster(scope: Construct, id: string, { vpc, logKey }: ServiceClusterProps): Cluster {
  const cluster = new Cluster(scope, id, { vpc, containerInsightsV2: ContainerInsights.ENABLED });
  // Container Insights would create the group by itself, unencrypted, when the first task starts; its name follows the cluster's.
  storeLogGroup(cluster, 'Insights', {
    store: stores.containerInsights,
    encryptionKey: logKey,
    logGroupName: `/aws/ecs/containerinsights/${cluster.clusterName}/performance`,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return cluster;
}
