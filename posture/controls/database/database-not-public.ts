import { control, expectValue } from '../control.ts';

export const databaseNotPublic = control({
  id: 'database-not-public',
  claims: ['HM-NET-2'],
  promise: 'Every database says of itself that it has no public address.',
  minimum: 1,
  population: ({ databases }) => databases,
  // Absent will not do: the default depends on the VPC that the subnet group is in.
  check: ({ publiclyAccessible }) => [expectValue('PubliclyAccessible', publiclyAccessible, 'false', (accessible) => !accessible)],
});
