import type { Refusal } from './problems.ts';

/** The form of an ACM certificate's ARN: partition, region and account in this order. */
export const CERTIFICATE_FORM = /^arn:(aws[a-z-]*):acm:([a-z0-9-]+):(\d{12}):certificate\/[0-9a-z-]+$/;

/** The form of an IAM policy's ARN: partition, and the account or `aws`, whose managed policies anyone may use. */
export const POLICY_FORM = /^arn:(aws[a-z-]*):iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/;

/** Refuses what is not the ARN of an ACM certificate. */
export function judgeCertificate(arn: string): readonly Refusal[] {
  if (CERTIFICATE_FORM.test(arn)) return [];
  if (/:iam:.*:server-certificate\//.test(arn)) {
    return [{ expected: 'a certificate of ACM, which renews what it issues, and not one that was uploaded to IAM', mend: 'import it into ACM and write the ARN that it has there' }];
  }
  return [{ expected: 'the ARN of an ACM certificate', mend: 'write one such as arn:aws:acm:eu-west-2:123456789012:certificate/…, or leave it out to have one requested' }];
}

/** Refuses what is not the ARN of an IAM policy. */
export function judgePolicy(arn: string): readonly Refusal[] {
  if (POLICY_FORM.test(arn)) return [];
  const name = /^[\w+=,.@-]{1,128}$/.test(arn);
  return [{ expected: 'the ARN of an IAM policy', mend: `write one such as arn:aws:iam::123456789012:policy/${name ? arn : 'boundary'}` }];
}
