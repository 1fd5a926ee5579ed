import { z } from 'zod';
import { foreignNames } from '../foreign-names.ts';
import { ecrImageOf, judgeImage } from '../image.ts';
import { deploymentSchema } from '../schema.ts';
import { contradiction, type Conflict } from './contradiction.ts';

const { region } = deploymentSchema.shape;
// A text that is malformed is refused by itself and must not keep the others from being looked at.
const text = z.string().optional().catch(undefined);
const hostedZone = z.object({ name: text }).optional().catch(undefined);
const identity = z.object({ issuer: text, authorizedParty: text, jwksUrl: text }).partial().catch({});
const service = z.object({ domainName: text, image: text, certificateArn: text, hostedZone }).partial().catch({});

/** A text of the file that reaches a template, or the part of it that no other rule looks at. */
interface Written {
  readonly path: readonly string[];
  readonly free: string | undefined;
  readonly mend: string;
}

export const namesRules = [
  contradiction(
    'Names that the file gives name no other region and no account.',
    z.object({ region, service, identity, permissionsBoundary: text }),
    ({ region: home, service: { domainName, image, certificateArn, hostedZone: zone }, identity: { issuer, authorizedParty, jwksUrl }, permissionsBoundary }) => {
      const written: readonly Written[] = [
        { path: ['service', 'domainName'], free: domainName, mend: 'choose a domain name without it' },
        { path: ['service', 'hostedZone', 'name'], free: zone?.name, mend: 'choose a domain name without it' },
        { path: ['service', 'image'], free: nameOfImage(image), mend: 'name the image by its digest, or keep it under a name without it' },
        { path: ['service', 'certificateArn'], free: certificateArn?.split('certificate/')[1], mend: 'write the ARN that ACM shows, which ends in a UUID' },
        { path: ['identity', 'issuer'], free: issuer, mend: 'leave it out, or have tokens issued under a name without it' },
        { path: ['identity', 'authorizedParty'], free: authorizedParty, mend: 'serve the dashboard under a name without it' },
        { path: ['identity', 'jwksUrl'], free: jwksUrl, mend: 'pin the key as identity.publicKey instead' },
        { path: ['permissionsBoundary'], free: permissionsBoundary?.split('policy/')[1], mend: 'create the policy under a name without it' },
      ];
      return written.flatMap((field) => conflictOf(field, home));
    },
  ),
];

/** Account and region of a registry in ECR are the matter of other rules; an image that is malformed has no name. */
function nameOfImage(uri: string | undefined): string | undefined {
  if (uri === undefined || judgeImage(uri).length > 0) return undefined;
  const ecr = ecrImageOf(uri);
  return ecr === undefined ? uri : `${ecr.repository}:${ecr.reference}`;
}

function conflictOf({ path, free, mend }: Written, home: string): readonly Conflict[] {
  const found = free === undefined ? [] : foreignNames(free, home);
  if (found.length === 0) return [];
  const expected = `a name that reads as no region but ${home} and as no account, since every text of the templates is judged by what it names (HM-REG-1, HM-REG-5)`;
  return [{ path, got: `${found.join(', ')} in ${free}`, expected, mend }];
}
