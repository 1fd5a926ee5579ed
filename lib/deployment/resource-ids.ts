import type { Refusal } from './problems.ts';

/** EC2 ids end in 8 hexadecimal digits, or in 17 where they were made since 2018. */
const form = (prefix: string) => new RegExp(`^${prefix}-(?:[0-9a-f]{8}|[0-9a-f]{17})$`);

/** The form of a VPC's id. */
export const VPC_FORM = form('vpc');

/** The form of a subnet's id. */
export const SUBNET_FORM = form('subnet');

/** The form of a prefix list's id. */
export const PREFIX_LIST_FORM = form('pl');

/** Refuses what is not the id of a VPC. */
export const judgeVpc = judge(VPC_FORM, 'the id of a VPC, such as vpc-0a1b2c3d4e5f60718', '`aws ec2 describe-vpcs`');

/** Refuses what is not the id of a subnet. */
export const judgeSubnet = judge(SUBNET_FORM, 'the id of a subnet, such as subnet-0a1b2c3d4e5f60718', '`aws ec2 describe-subnets`');

/** Refuses what is not the id of a prefix list. */
export const judgePrefixList = judge(
  PREFIX_LIST_FORM,
  'the id of a prefix list, such as pl-6ea54007',
  '`aws ec2 describe-managed-prefix-lists`, where that of S3 is called com.amazonaws.REGION.s3',
);

function judge(wanted: RegExp, expected: string, source: string): (id: string) => readonly Refusal[] {
  return (id) => (wanted.test(id) ? [] : [{ expected, mend: `copy it from ${source}` }]);
}
