import { isIPv4 } from 'node:net';
import { identityKeys } from './identity.ts';
import type { Identity } from './identity.ts';
import { StartError } from './start-error.ts';

interface Setting {
  /** Anchored. */
  readonly pattern: RegExp;
  /** Ends the sentence "expected …". */
  readonly expected: string;
  /** Taken where the environment says nothing; without one the setting has to be given. */
  readonly otherwise?: string;
}

type Settings<Name extends string> = Readonly<Record<Name, Setting>>;

const PORT = { pattern: /^([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])$/, expected: 'a port from 1 to 65535' };

const secretSettings = {
  AWS_REGION: { pattern: /^[a-z]{2}(-[a-z]+)+-\d$/, expected: 'the name of a region, as eu-west-2' },
  PARAMETER_PATH: { pattern: /^\/halton\/[a-z][a-z0-9-]*$/, expected: '/halton/ and the name of the deployment' },
};

const serverSettings = {
  ...secretSettings,
  HOST: { pattern: /^([0-9A-Fa-f.:]+|localhost)$/, expected: 'an address to listen on', otherwise: '0.0.0.0' },
  PORT: { ...PORT, otherwise: '8443' },
  TLS: { pattern: /^(self-signed|none)$/, expected: 'self-signed or none', otherwise: 'self-signed' },
  LOG_LEVEL: { pattern: /^(fatal|error|warn|info|debug|trace)$/, expected: 'fatal, error, warn, info, debug or trace', otherwise: 'info' },
  IDENTITY_AUTHORIZED_PARTY: { pattern: /^https:\/\/[a-z0-9.-]+(:\d+)?$/, expected: 'an https origin, as https://app.example.com' },
};

const HTTPS_URL = { pattern: /^https:\/\/[^\s?#@]+$/, expected: 'an https URL without credentials, query or fragment' };

/** What may be left out, and then means something of its own. */
const freeSettings = {
  IDENTITY_ISSUER: HTTPS_URL,
  IDENTITY_JWKS_URL: HTTPS_URL,
  PROXY_RANGE: { pattern: /^(?:\d{1,3}\.){3}\d{1,3}\/(?:[89]|[12]\d|3[0-2])$/, expected: 'a range of IPv4 addresses, as 10.40.0.0/16' },
};

const migrateSettings = {
  ...secretSettings,
  DATABASE_HOST: { pattern: /^[A-Za-z0-9.:-]+$/, expected: 'the host name of the database' },
  DATABASE_PORT: { ...PORT, otherwise: '5432' },
  DATABASE_NAME: { pattern: /^[a-z][a-z0-9_]*$/, expected: 'the name of a database', otherwise: 'halton' },
  DATABASE_SSLMODE: { pattern: /^(verify-full|disable)$/, expected: 'verify-full, or disable on a loopback host', otherwise: 'verify-full' },
};

const jobSettings = {
  ...secretSettings,
  EVIDENCE_BUCKET: { pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, expected: 'the name of a bucket' },
};

/** Where settings come from. */
export type Environment = Readonly<Record<string, string | undefined>>;
/** Settings of the server; none of them is a secret. */
export interface ServerConfig extends Readonly<Record<Exclude<keyof typeof serverSettings, 'IDENTITY_AUTHORIZED_PARTY'>, string>> {
  readonly identity: Identity;
  readonly proxyRange?: string;
}
/** Settings of the other jobs; none of them is a secret. */
export type JobConfig = Readonly<Record<keyof typeof jobSettings, string>>;
/** Settings of the job that migrates; none of them is a secret. */
export type MigrateConfig = Readonly<Record<keyof typeof migrateSettings, string>>;

/**
 * @throws StartError `CONFIG_INVALID`, `IDENTITY_KEY_UNCLEAR`, `IDENTITY_KEY_INVALID`, or `PLAIN_HTTP_REFUSED` for plain
 *   HTTP on an address that others reach
 */
export function readServerConfig(environment: Environment): ServerConfig {
  const { IDENTITY_AUTHORIZED_PARTY: authorizedParty, IDENTITY_ISSUER: issuer, IDENTITY_JWKS_URL: jwksUrl, PROXY_RANGE: proxyRange, ...config } = read(serverSettings, freeSettings, environment);
  if (config.TLS === 'none' && !isLoopback(config.HOST)) {
    throw new StartError('PLAIN_HTTP_REFUSED', `Got TLS=none with HOST=${config.HOST}, expected TLS=self-signed: plain HTTP is for 127.0.0.1 alone. Set TLS=self-signed.`);
  }
  const keys = identityKeys(jwksUrl, environment['IDENTITY_PUBLIC_KEY']);
  return { ...config, ...(proxyRange !== undefined && { proxyRange }), identity: { authorizedParty, ...(issuer !== undefined && { issuer }), keys } };
}

/** @throws StartError `CONFIG_INVALID` */
export function readMigrateConfig(environment: Environment): MigrateConfig {
  return read(migrateSettings, {}, environment);
}

/** @throws StartError `CONFIG_INVALID` */
export function readJobConfig(environment: Environment): JobConfig {
  return read(jobSettings, {}, environment);
}

/** Whether nobody but this machine reaches the host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

function read<Name extends string, Free extends string>(needed: Settings<Name>, free: Settings<Free>, environment: Environment): Readonly<Record<Name, string> & Partial<Record<Free, string>>> {
  const config = accepted(needed, environment);
  const more = accepted(free, environment);
  const wrong = [
    ...namesOf(needed).filter((name) => config[name] === undefined).map((name) => complaint(name, needed[name], environment)),
    ...namesOf(free).filter((name) => more[name] === undefined && environment[name] !== undefined).map((name) => complaint(name, free[name], environment)),
  ];
  if (wrong.length === 0 && isComplete(needed, config)) return { ...config, ...more };
  throw new StartError('CONFIG_INVALID', `${wrong.join(' ')} Set ${wrong.length > 1 ? 'them' : 'it'} in the environment of the process, which in the cloud is the container's in the task definition.`);
}

/** What the environment or a default gives, as far as it fits. */
function accepted<Name extends string>(settings: Settings<Name>, environment: Environment): Partial<Record<Name, string>> {
  const config: Partial<Record<Name, string>> = {};
  for (const name of namesOf(settings)) {
    const { pattern, otherwise } = settings[name];
    const value = environment[name] ?? otherwise;
    if (value !== undefined && pattern.test(value)) config[name] = value;
  }
  return config;
}

const complaint = (name: string, { expected }: Setting, environment: Environment): string => `${name}: got ${show(environment[name])}, expected ${expected}.`;

function namesOf<Name extends string>(settings: Settings<Name>): readonly Name[] {
  // eslint-disable-next-line typescript/no-unsafe-type-assertion -- the tables above are literals: they have no other keys
  return Object.keys(settings) as Name[];
}

function isComplete<Name extends string>(settings: Settings<Name>, config: Partial<Record<Name, string>>): config is Record<Name, string> {
  return namesOf(settings).every((name) => config[name] !== undefined);
}

/** Short, in case that somebody put the wrong thing in the wrong place. */
function show(value: string | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}
