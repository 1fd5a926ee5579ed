import type { Deployment } from './schema.ts';
import { CLERK_JWKS } from './sections/identity.ts';

/** One option of the deployment file, as a deployment that differs from a plain one in it alone. */
export interface Mode {
  readonly option: string;
  /** What the file writes for it. */
  readonly written: readonly string[];
  readonly deployment: Deployment;
  /** What it changes that no verdict shows, and what becomes whose matter. */
  readonly means: string;
}

/** A plain deployment, and each option put on it by itself, as an example of a customer's deployment writes it. */
export function modesOf(example: Deployment): { readonly plain: Deployment; readonly modes: readonly Mode[] } {
  const { permissionsBoundary, network, service, identity, ...rest } = example;
  const { certificateArn, clientCidrs, image, hostedZone, ...served } = service;
  const { existing, availabilityZones } = network;
  const { publicKey, jwksUrl, ...verified } = identity;
  const open = { ...served, loadBalancer: 'internet-facing' as const };
  const own = { availabilityZones, cidr: '10.40.0.0/16', internet: 'nat' as const };
  const plain: Deployment = { ...rest, network: own, service: open, identity: { ...verified, jwksUrl: jwksUrl ?? CLERK_JWKS } };
  const pinned = { ...verified, publicKey };
  const withDanger = (...options: readonly (keyof Deployment['danger'])[]): Deployment => ({
    ...plain,
    danger: { ...plain.danger, ...Object.fromEntries(options.map((option) => [option, true])) },
  });
  if (existing === undefined) throw new Error(`${example.name}: got an example without network.existing, expected a customer's; take deployments/enterprise.yaml.`);
  const inExisting = (endpoints: boolean) => ({ availabilityZones, internet: 'nat' as const, existing: { ...existing, endpoints, s3PrefixList: undefined } });

  return {
    plain,
    modes: [
      {
        option: 'A VPC that is there, with its endpoints',
        written: ['network.existing', 'endpoints: true'],
        deployment: { ...plain, network: inExisting(true) },
        means: "The routes, flow logs, default security group and endpoint policies are the VPC's owner's. That the isolated subnets lead nowhere has to be seen in the account.",
      },
      {
        option: 'A VPC that is there, without endpoints',
        written: ['network.existing', 'endpoints: false'],
        deployment: { ...plain, network: inExisting(false) },
        means: 'As above, but the endpoints are made, S3 by an interface as well. Private DNS leads everything in the VPC to them and they let only the tasks in, so nothing else should be there.',
      },
      {
        option: 'No internet',
        written: ['network.internet: none', 'service.loadBalancer: internal', 'identity.publicKey'],
        deployment: { ...plain, network: { ...own, internet: 'none' }, service: { ...open, loadBalancer: 'internal' }, identity: pinned },
        means: "The network has no gateway and no public subnet, and the tasks' security group lets them reach the endpoints and the database alone.",
      },
      {
        option: 'An internal load balancer',
        written: ['service.loadBalancer: internal'],
        deployment: { ...plain, service: { ...open, loadBalancer: 'internal' } },
        means: "The load balancer has private addresses, and lets in the VPC's range instead of everyone. TLS and firewall stay as they are.",
      },
      {
        option: 'An internal load balancer for a corporate network',
        written: ['service.loadBalancer: internal', 'service.clientCidrs'],
        deployment: { ...plain, service: { ...open, loadBalancer: 'internal', clientCidrs } },
        means: "As above, but the load balancer lets in these ranges, and the VPC's only if it is among them. The routes between the VPC and your network are yours to make.",
      },
      {
        option: 'A certificate of your own',
        written: ['service.certificateArn'],
        deployment: { ...plain, service: { ...open, certificateArn } },
        means: 'None is requested, and the deployment waits for no DNS. Renewing an imported one is your matter.',
      },
      {
        option: 'Records in Route 53',
        written: ['service.hostedZone'],
        deployment: { ...plain, service: { ...open, hostedZone: hostedZone ?? { id: 'Z0123456789ABCDEFGHIJ', name: open.domainName } } },
        means: 'The records of the domain and of its certificate are made with the stack. Left out, both are yours to make.',
      },
      {
        option: 'An image from your registry',
        written: ['service.image'],
        deployment: { ...plain, service: { ...open, image } },
        means: 'What runs is what the registry holds under that name: scanning, signing and keeping it are your matter. A digest cannot be moved; a tag can, unless the repository forbids it.',
      },
      {
        option: 'A pinned key',
        written: ['identity.publicKey'],
        deployment: { ...plain, identity: pinned },
        means: 'The tasks are given the key and need no call to the identity provider. No route asks for a token yet; once one does, tokens signed with another key are refused until the file names that one.',
      },
      {
        option: 'A permissions boundary',
        written: ['permissionsBoundary'],
        deployment: { ...plain, permissionsBoundary },
        means: "It bounds every role, those of the CDK's own functions included; those of the bootstrap get it from `cdk bootstrap --custom-permissions-boundary`. An action that it leaves out and a role needs fails the deployment.",
      },
      {
        option: 'A read replica',
        written: ['database.readReplica: true'],
        deployment: { ...plain, database: { ...plain.database, readReplica: true } },
        means: 'A second copy of the data in the same region, under the same key and behind the same security group.',
      },
      {
        option: 'No deletion protection',
        written: ['danger.disableDeletionProtection: true'],
        deployment: withDanger('disableDeletionProtection'),
        means: 'AWS no longer refuses to delete the database or the load balancer.',
      },
      {
        option: 'The database goes with its stack',
        written: ['danger.deleteDatabaseOnDestroy: true'],
        deployment: withDanger('disableDeletionProtection', 'deleteDatabaseOnDestroy'),
        means: 'Destroying the stack deletes the data, without a last snapshot.',
      },
      {
        option: 'The secrets go with their stack',
        written: ['danger.deleteSecretsOnDestroy: true'],
        deployment: withDanger('disableDeletionProtection', 'deleteDatabaseOnDestroy', 'deleteSecretsOnDestroy'),
        means: 'Destroying the stack deletes the Fernet keys: what they sealed can be read by nobody, in backups too.',
      },
    ],
  };
}
