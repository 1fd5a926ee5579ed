import type { Deployment } from '../deployment/schema.ts';
import type { Sighting } from './account-parameters.ts';
import { secretPath, secrets } from './table.ts';
import type { Secret } from './table.ts';

/** A secret of the table and what the account says of it. */
export interface ListedSecret {
  readonly secret: Secret;
  readonly path: string;
  readonly sighting: Sighting;
}

export function listSecrets(deployment: Deployment, sightings: ReadonlyMap<string, Sighting>): readonly ListedSecret[] {
  return secrets.map((secret) => {
    const path = secretPath(deployment, secret);
    return { secret, path, sighting: sightings.get(path) ?? { is: 'unknown', why: 'not asked' } };
  });
}

/** 2 while anything is unknown, 1 while the operator has something to mend, otherwise 0; what the deployment makes may be absent. */
export function listExitCode(listed: readonly ListedSecret[]): 0 | 1 | 2 {
  if (listed.some(({ sighting }) => sighting.is === 'unknown')) return 2;
  return listed.some((entry) => mend(entry) !== undefined) ? 1 : 0;
}

/** For a machine; `present` is null where it is unknown. */
export function listAsJson({ name, region }: Deployment, listed: readonly ListedSecret[]): string {
  const rows = listed.map(({ secret: { name: secretName, source, format, purpose, readers, rotation }, path, sighting }) => ({
    name: secretName, path, source, format, purpose, readers, rotation,
    present: sighting.is === 'unknown' ? null : sighting.is === 'present',
    ...(sighting.is === 'present' && { type: sighting.type, modified: sighting.modified?.toISOString() ?? null }),
    ...(sighting.is === 'unknown' && { unknown: sighting.why }),
  }));
  return JSON.stringify({ deployment: name, region, secrets: rows }, undefined, 2);
}

export function listAsText(deployment: Deployment, listed: readonly ListedSecret[]): string {
  const rows = listed.map(({ secret, sighting }) => [
    secret.name, secret.source, presence(sighting), modified(sighting), secret.readers.join(', '), secret.purpose, secret.rotation,
  ]);
  const table = aligned([['NAME', 'SOURCE', 'PRESENT', 'MODIFIED (UTC)', 'READ BY', 'PURPOSE', 'ROTATION'], ...rows]);
  const mends = listed.map(mend).filter((text) => text !== undefined).map((text) => `${text} -c deployment=${deployment.name}`);
  return [`Secrets of ${deployment.name} in ${deployment.region}`, '', ...table, ...(mends.length > 0 ? ['', ...mends] : [])].join('\n');
}

function presence(sighting: Sighting): string {
  switch (sighting.is) {
    case 'present':
      return sighting.type === 'SecureString' ? 'yes' : `in plaintext (${sighting.type})`;
    case 'absent':
      return 'no';
    case 'unknown':
      return `unknown: ${sighting.why}`;
  }
}

function modified(sighting: Sighting): string {
  return sighting.is === 'present' ? (sighting.modified?.toISOString().slice(0, 16).replace('T', ' ') ?? 'unknown') : '-';
}

function mend({ secret, path, sighting }: ListedSecret): string | undefined {
  const set = secret.source === 'operator' ? `npm run secrets -- set ${secret.name}` : undefined;
  if (sighting.is === 'present' && sighting.type !== 'SecureString') {
    return `${path} is in plaintext: aws ssm delete-parameter --name ${path}${set === undefined ? '' : `, then a new value: ${set}`}`;
  }
  return sighting.is === 'absent' && set !== undefined ? `Missing: ${set}` : undefined;
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd());
}
