import { spell } from '../../assembly/node.ts';
import type { Node, Reference } from '../../assembly/node.ts';
import { known, outside, unresolved } from '../value.ts';
import type { Value } from '../value.ts';
import { rawText, textOf } from './read-node.ts';
import type { Reader, ReadResource } from './reader.ts';

/** What a property that points at another resource may point at. */
export interface Kind {
  /** Types, each with the attributes beside `Ref` that name the resource itself. */
  readonly types: Readonly<Record<string, readonly string[]>>;
  /** The property that gives the resource a fixed name; a literal text that equals it is the resource. */
  readonly nameProperty?: string;
  /** What a literal id, name or ARN of something declared elsewhere looks like. */
  readonly literal: RegExp;
  /** Names that AWS itself keeps: settled by the name alone, and neither of this assembly nor of a customer. */
  readonly owned?: RegExp;
}

// RDS names hold letters, digits and hyphens, and an ARN may stand for them.
const RDS_NAME = /^(?:arn:aws[\w-]*:rds:|[A-Za-z])[\w:.-]*$/;

/** A database, or the cluster that a replica follows. */
export const DATABASE: Kind = {
  types: {
    'AWS::RDS::DBInstance': ['DBInstanceArn', 'DBInstanceIdentifier', 'DbiResourceId'],
    'AWS::RDS::DBCluster': ['DBClusterArn', 'DBClusterIdentifier'],
  },
  nameProperty: 'DBInstanceIdentifier',
  literal: RDS_NAME,
};
/** A subnet group of a database. */
export const SUBNET_GROUP: Kind = {
  types: { 'AWS::RDS::DBSubnetGroup': [] },
  nameProperty: 'DBSubnetGroupName',
  literal: RDS_NAME,
  owned: /^default$/i,
};
/** A parameter group of a database. */
export const PARAMETER_GROUP: Kind = {
  types: { 'AWS::RDS::DBParameterGroup': ['DBParameterGroupName'] },
  nameProperty: 'DBParameterGroupName',
  literal: RDS_NAME,
  owned: /^default\./i,
};
/** A security group of a VPC. */
export const SECURITY_GROUP: Kind = { types: { 'AWS::EC2::SecurityGroup': ['GroupId', 'Id'] }, literal: /^sg-\w+$/ };
/** A subnet. */
export const SUBNET: Kind = { types: { 'AWS::EC2::Subnet': ['SubnetId'] }, literal: /^subnet-\w+$/ };
/** A route table. */
export const ROUTE_TABLE: Kind = { types: { 'AWS::EC2::RouteTable': ['RouteTableId'] }, literal: /^rtb-\w+$/ };

/** A listener of a load balancer. */
export const LISTENER: Kind = {
  types: { 'AWS::ElasticLoadBalancingV2::Listener': ['ListenerArn'] },
  literal: /^arn:aws[\w-]*:elasticloadbalancing:[\w-]+:\d{12}:listener\/.+$/,
};
/** A target group of a load balancer. */
export const TARGET_GROUP: Kind = {
  types: { 'AWS::ElasticLoadBalancingV2::TargetGroup': ['TargetGroupArn'] },
  literal: /^arn:aws[\w-]*:elasticloadbalancing:[\w-]+:\d{12}:targetgroup\/.+$/,
};
/** A role, by its name or its ARN. */
export const ROLE: Kind = {
  types: { 'AWS::IAM::Role': ['Arn'] },
  nameProperty: 'RoleName',
  literal: /^(?:arn:aws[\w-]*:iam::\d{12}:role\/)?[\w+=,.@/-]+$/,
};
/** A managed policy. */
export const MANAGED_POLICY: Kind = {
  types: { 'AWS::IAM::ManagedPolicy': ['PolicyArn'] },
  literal: /^arn:aws[\w-]*:iam::(?:\d{12}|aws):policy\/.+$/,
};
/** A bucket, by its name. */
export const BUCKET: Kind = { types: { 'AWS::S3::Bucket': [] }, nameProperty: 'BucketName', literal: /^[a-z0-9][a-z0-9.-]{2,62}$/ };
/** A log group, by its ARN. */
export const LOG_GROUP: Kind = { types: { 'AWS::Logs::LogGroup': ['Arn'] }, literal: /^arn:aws[\w-]*:logs:[\w-]+:\d{12}:log-group:.+$/ };

const KEY_TYPES = { 'AWS::KMS::Key': ['Arn', 'KeyId'], 'AWS::KMS::ReplicaKey': ['Arn', 'KeyId'] };
const KEY_LITERAL = /^(?:arn:aws[\w-]*:kms:[\w-]+:\d{12}:(?:key|alias)\/.+|(?:mrk-)?[0-9a-f]{8}[0-9a-f-]*|alias\/.+)$/;
const KEY_OWNED = /^(?:arn:aws[\w-]*:kms:[\w-]+:\d{12}:)?alias\/aws\/[\w-]+$/;

/** A KMS key, by itself or by an alias. */
export const KEY: Kind = {
  types: { ...KEY_TYPES, 'AWS::KMS::Alias': ['AliasName', 'AliasArn'] },
  nameProperty: 'AliasName',
  literal: KEY_LITERAL,
  owned: KEY_OWNED,
};
/** An alias cannot stand for another alias. */
const ALIAS_TARGET: Kind = { types: KEY_TYPES, literal: KEY_LITERAL };

/** Reads a property that has to name a resource of one kind, as that resource's id. */
export function referenceOf(node: Node, kind: Kind, reader: Reader): Value<string> {
  if (node.is === 'text') {
    const last = node.pieces.at(-1);
    const before = node.pieces.slice(0, -1);
    const alone = before.every((piece) => typeof piece === 'string' || piece.kind === 'placeholder');
    if (typeof last === 'object' && last.kind === 'reference' && alone) return referred(last, spell(before), kind, reader);
  }
  const text = textOf(node);
  return text.is === 'known' ? named(text.value, kind, reader) : text;
}

/** What a reference stands for; text before it is the beginning of an ARN that was put together by hand. */
function referred(reference: Reference, before: string, kind: Kind, reader: Reader): Value<string> {
  const { to, attribute } = reference;
  const attributes = Object.hasOwn(kind.types, to.type) ? kind.types[to.type] : undefined;
  if (attributes === undefined) return unresolved(`a reference to ${to.id}, a ${to.type}`);
  if (attribute !== undefined && !attributes.includes(attribute)) return unresolved(`${spell([reference])}, which is not the resource itself`);
  const found = reader.ofType(to.type).find(({ resource }) => resource.id === to.id);
  if (found === undefined || (before !== '' && !isArnOf(found, before))) return unresolved(`${before}${spell([reference])}, which is no ARN of the resource`);
  return identity(found, reader);
}

/** What a text stands for that has no reference in it. */
function named(text: string, kind: Kind, reader: Reader): Value<string> {
  // An account that is open until deployment takes nothing from what an ARN names.
  const literal = text.replaceAll(OPEN_ACCOUNT, '000000000000');
  if (kind.owned?.test(literal) === true) return known(literal);
  const [found, ...others] = kind.nameProperty === undefined ? [] : namesakes(text, kind, kind.nameProperty, reader);
  if (others.length > 0) return unresolved(`${text}, a name that ${others.length + 1} resources share`);
  if (found !== undefined) return identity(found, reader);
  return kind.literal.test(literal)
    ? outside(`${text}, which this assembly does not declare`)
    : unresolved(`${text}, which names no ${Object.keys(kind.types)[0] ?? 'resource'}`);
}

/** A key's alias stands for the key. */
function identity(found: ReadResource, reader: Reader): Value<string> {
  if (found.resource.type !== 'AWS::KMS::Alias') return known(found.resource.id);
  return referenceOf(found.get('TargetKeyId'), ALIAS_TARGET, reader);
}

/** The resources that bear a literal name, or the name that an ARN ends in. */
function namesakes(text: string, kind: Kind, property: string, reader: Reader): readonly ReadResource[] {
  return reader.ofType(...Object.keys(kind.types)).filter((candidate) => {
    const name = rawText(candidate.get(property));
    if (name.is !== 'known') return false;
    // RDS compares names without regard to case.
    const [wanted, given] = [text.toLowerCase(), name.value.toLowerCase()];
    return wanted === given || (wanted.endsWith(given) && isArnOf(candidate, text.slice(0, -given.length)));
  });
}

const OPEN_ACCOUNT = '${AWS::AccountId}';

/** Whether a text begins an ARN of the place where a resource lands, up to the resource's own name. */
function isArnOf({ place }: ReadResource, beginning: string): boolean {
  const [, region, account] = /^arn:aws[\w-]*:[a-z0-9]+:([\w-]+):(\d{12}|\$\{AWS::AccountId\}):(?:[\w-]+[:/])?$/.exec(beginning) ?? [];
  return region !== undefined && region === place.region && account === (place.account ?? OPEN_ACCOUNT);
}
