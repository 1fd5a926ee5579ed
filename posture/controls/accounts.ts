/**
 * The accounts with which Elastic Load Balancing delivers access logs, by region; regions opened since August 2022 have
 * a service principal instead. Source: "Access logs for your Application Load Balancer", attaching a bucket policy.
 */
export const LOG_DELIVERY_ACCOUNTS: Readonly<Record<string, string>> = {
  'af-south-1': '098369216593',
  'ap-east-1': '754344448648',
  'ap-northeast-1': '582318560864',
  'ap-northeast-2': '600734575887',
  'ap-northeast-3': '383597477331',
  'ap-south-1': '718504428378',
  'ap-southeast-1': '114774131450',
  'ap-southeast-2': '783225319266',
  'ap-southeast-3': '589379963580',
  'ca-central-1': '985666609251',
  'eu-central-1': '054676820928',
  'eu-north-1': '897822967062',
  'eu-south-1': '635631232127',
  'eu-west-1': '156460612806',
  'eu-west-2': '652711504416',
  'eu-west-3': '009996457667',
  'me-south-1': '076674570225',
  'sa-east-1': '507241528517',
  'us-east-1': '127311923021',
  'us-east-2': '033677994240',
  'us-gov-east-1': '190560391635',
  'us-gov-west-1': '048591011584',
  'us-west-1': '027434742980',
  'us-west-2': '797873946194',
};

/** Twelve digits that are no part of a longer word or number. */
const ACCOUNT = /(?<![A-Za-z0-9.])\d{12}(?![A-Za-z0-9]|\.\d)/g;

/** Ids of certificates, keys and the like, whose last part may be twelve digits too. */
const UUID = /(?<![A-Za-z0-9])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![A-Za-z0-9])/gi;

/** The accounts that a string names. */
export const accountsIn = (text: string): readonly string[] => [...new Set(text.replaceAll(UUID, '').match(ACCOUNT))];

/** An ARN whose account is left to the moment of deployment by something else than the deploying account itself. */
const OPEN_ARN = /(?<![A-Za-z0-9])arn:(?:(?:\$\{[^}]*\}|[^:\s$])*:){3}\$\{(?!AWS::AccountId\})/;

/** Whether a string is or holds an ARN whose account nobody can tell yet. */
export const leavesAccountOpen = (text: string): boolean => OPEN_ARN.test(text);
