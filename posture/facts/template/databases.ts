import type { DatabaseFact, DatabaseParameterGroupFact, SubnetGroupFact } from '../facts.ts';
import { absent, known, unresolved } from '../value.ts';
import type { Value } from '../value.ts';
import { booleanOf, firstSet, integerOf, listOf, rawText, textOf } from './read-node.ts';
import type { Reader, ReadResource } from './reader.ts';
import { DATABASE, KEY, PARAMETER_GROUP, referenceOf, SECURITY_GROUP, SUBNET, SUBNET_GROUP } from './reference.ts';

/** Every database instance. */
export function databases(reader: Reader): readonly DatabaseFact[] {
  return reader.ofType('AWS::RDS::DBInstance').map((instance) => {
    const { get, attribute } = instance;
    return {
      ...instance.resource,
      replicaOf: firstSet(
        referenceOf(get('SourceDBInstanceIdentifier'), DATABASE, reader),
        referenceOf(get('SourceDBClusterIdentifier'), DATABASE, reader),
      ),
      sourceRegion: firstSet(textOf(get('SourceRegion')), regionOfSource(instance)),
      backupReplicationRegion: textOf(get('AutomaticBackupReplicationRegion')),
      publiclyAccessible: booleanOf(get('PubliclyAccessible')),
      storageEncrypted: booleanOf(get('StorageEncrypted')),
      storageKey: referenceOf(get('KmsKeyId'), KEY, reader),
      performanceInsights: booleanOf(get('EnablePerformanceInsights')),
      performanceInsightsKey: referenceOf(get('PerformanceInsightsKMSKeyId'), KEY, reader),
      backupRetention: integerOf(get('BackupRetentionPeriod')),
      subnetGroup: referenceOf(get('DBSubnetGroupName'), SUBNET_GROUP, reader),
      securityGroups: securityGroupsOf(instance, reader),
      parameterGroup: referenceOf(get('DBParameterGroupName'), PARAMETER_GROUP, reader),
      deletionPolicy: textOf(attribute('DeletionPolicy')),
      updateReplacePolicy: textOf(attribute('UpdateReplacePolicy')),
      masterPassword: rawText(get('MasterUserPassword')),
      managesMasterPassword: booleanOf(get('ManageMasterUserPassword')),
    };
  });
}

/** A source given as an ARN of another region is copied from there, whether SourceRegion is set or not. */
function regionOfSource({ get, place }: ReadResource): Value<string> {
  const source = firstSet(textOf(get('SourceDBInstanceIdentifier')), textOf(get('SourceDBClusterIdentifier')));
  const region = source.is === 'known' ? /^arn:[^:]*:rds:([^:]+):/.exec(source.value)?.[1] : undefined;
  return region === undefined || region === place.region ? absent : known(region);
}

function securityGroupsOf({ get }: ReadResource, reader: Reader): Value<readonly string[]> {
  // DB security groups carry rules of their own, apart from those of VPC security groups.
  if (get('DBSecurityGroups').is !== 'absent') return unresolved('DBSecurityGroups, whose rules are outside the VPC');
  return listOf(get('VPCSecurityGroups'), (item) => referenceOf(item, SECURITY_GROUP, reader));
}

/** Every parameter group, with its parameters by name. */
export function databaseParameterGroups(reader: Reader): readonly DatabaseParameterGroupFact[] {
  return reader.ofType('AWS::RDS::DBParameterGroup').map(({ resource, get }) => {
    const parameters = get('Parameters');
    // Without entries every parameter is absent, which passes for none that a promise needs.
    const entries = parameters.is === 'map' ? [...parameters.entries] : [];
    return { ...resource, parameters: Object.fromEntries(entries.map(([name, node]) => [name, textOf(node)])) };
  });
}

/** Every subnet group of a database. */
export function subnetGroups(reader: Reader): readonly SubnetGroupFact[] {
  return reader.ofType('AWS::RDS::DBSubnetGroup').map(({ resource, get }) => ({
    ...resource,
    subnets: listOf(get('SubnetIds'), (item) => referenceOf(item, SUBNET, reader)),
  }));
}
