import { z } from 'zod';
import { judgePolicy, POLICY_FORM } from './arns.ts';
import { ACCOUNT_FORM, judgeAccount, judgeName, LONGEST_NAME, NAME_FORM, SHORTEST_NAME } from './names.ts';
import { judgeRegion, SUPPORTED_REGIONS } from './regions.ts';
import { dangerSection } from './sections/danger.ts';
import { databaseSection } from './sections/database.ts';
import { text } from './sections/fields.ts';
import { identitySection } from './sections/identity.ts';
import { networkSection } from './sections/network.ts';
import { serviceSection } from './sections/service.ts';

/**
 * The deployment file. Its types, the JSON Schema for editors and the reference table all come from here; what no
 * field can tell alone is in contradictions.ts.
 */
export const deploymentSchema = z
  .strictObject({
    name: text('the name of the deployment', judgeName).meta({
      description: 'Name of the deployment and of its file. Stacks are called halton-NAME-network and so on, and secrets live below /halton/NAME/; another name is another deployment.',
      pattern: NAME_FORM.source,
      minLength: SHORTEST_NAME,
      maxLength: LONGEST_NAME,
    }),
    kind: z.enum(['hosted', 'enterprise'], 'hosted or enterprise').meta({
      description: "`hosted` is Halton's own deployment and has to be in eu-west-2; `enterprise` is a customer's, in an account and region of their own.",
    }),
    region: text('the name of a region', judgeRegion).meta({
      description: 'The one region that everything is in: any commercial or GovCloud region.',
      enum: SUPPORTED_REGIONS,
    }),
    account: text('the 12 digits of an AWS account id', judgeAccount).optional().meta({
      description: 'Id of the account to deploy to, in quotes. Left out, it is the account of whoever deploys; written down, a deployment with credentials of another account is refused.',
      pattern: ACCOUNT_FORM.source,
    }),
    network: networkSection,
    service: serviceSection,
    identity: identitySection,
    database: databaseSection.prefault({}),
    permissionsBoundary: text('the ARN of an IAM policy', judgePolicy).optional().meta({
      description: "ARN of the IAM policy that becomes the permissions boundary of every role, those that the CDK makes by itself included. The roles of the bootstrap get it from `cdk bootstrap --custom-permissions-boundary`.",
      pattern: POLICY_FORM.source,
    }),
    danger: dangerSection.prefault({}),
  })
  .meta({ title: 'Halton deployment', description: 'One deployment of Halton Meter Cloud on AWS.' });

/** A deployment as its file describes it, with every default filled in and what it names read. */
export type Deployment = z.output<typeof deploymentSchema> & {
  /** The certificates of `database.certificates`, each in base64. @default - those that the service brings along */
  readonly rdsRoots?: readonly string[];
};
