import { Tags } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';

/** A place that keeps what the service, the network or the account writes. */
export interface Store {
  /** Whether a workspace's data can end up in it: in full, as keyed hashes only, or not at all. */
  readonly workspaceData: 'yes' | 'hashed' | 'no';
  /** Days. */
  readonly retention: number;
  /** Why it is kept this long. */
  readonly reason: string;
}

/** A store that is a log group: CloudWatch Logs takes certain numbers of days only. */
export interface LogStore extends Store {
  readonly retention: RetentionDays;
}

/**
 * The longest that anything which can hold workspace data may keep it, in days: deletion promises that
 * no copy is left 37 days after the request, and 30 of them are the grace period.
 */
const WORKSPACE_DATA_DAYS = RetentionDays.ONE_WEEK;

/** An audit period of a year, and the two days that S3 may take to remove what has expired. */
const AUDIT_PERIOD_DAYS = 365 + 2;

/** Every bucket and log group, and how long each keeps what it holds. */
export const stores = {
  databaseLog: { workspaceData: 'yes', retention: WORKSPACE_DATA_DAYS, reason: 'An error of Postgres can quote a row.' },
  loadBalancerLog: { workspaceData: 'yes', retention: WORKSPACE_DATA_DAYS, reason: 'Request paths name workspaces, and lines hold client addresses.' },
  taskLog: { workspaceData: 'yes', retention: WORKSPACE_DATA_DAYS, reason: 'Lines name workspaces, users and requests.' },
  containerInsights: { workspaceData: 'no', retention: RetentionDays.ONE_WEEK, reason: 'Processor and memory of tasks; CloudWatch keeps the metrics made of it.' },
  webAclLog: { workspaceData: 'yes', retention: WORKSPACE_DATA_DAYS, reason: 'Request paths name workspaces, and lines hold client addresses and queries.' },
  flowLog: { workspaceData: 'no', retention: RetentionDays.THREE_MONTHS, reason: 'Addresses and byte counts inside the VPC; a quarter covers an investigation.' },
  functionLog: { workspaceData: 'no', retention: RetentionDays.THREE_MONTHS, reason: 'Deployment-time functions never see a workspace; a quarter covers an investigation.' },
  accessLog: { workspaceData: 'no', retention: AUDIT_PERIOD_DAYS, reason: 'Who touched the trail and the receipts, for as long as an audit period.' },
  trail: { workspaceData: 'no', retention: AUDIT_PERIOD_DAYS, reason: 'Calls to the AWS API, for as long as an audit period.' },
  trailLog: { workspaceData: 'no', retention: RetentionDays.THREE_MONTHS, reason: 'Calls to the AWS API, to be watched; the trail keeps them for longer.' },
  evidence: { workspaceData: 'no', retention: AUDIT_PERIOD_DAYS, reason: 'Receipts name resources and outcomes, for as long as an audit period.' },
} as const satisfies Record<string, Store>;

/** Marks a bucket or log group with what its store may hold. */
export function tagStore(construct: IConstruct, store: Store): void {
  Tags.of(construct).add('halton:workspace-data', store.workspaceData);
}
