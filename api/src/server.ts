import { parseArgs } from 'node:util';
import { readRelease } from '../../db/release.ts';
import { makeCertificate } from './certificate.ts';
import { readServerConfig } from './config.ts';
import type { Environment } from './config.ts';
import { connectionTo, openPool, parseDatabaseUrl } from './database.ts';
import type { Address } from './database.ts';
import { drain, ECS_LIMITS } from './drain.ts';
import type { Draining } from './drain.ts';
import { firstReady } from './first-ready.ts';
import { listen } from './listen.ts';
import { rdsRoots } from './rds-roots.ts';
import { parameterStoreClient, readSecrets, SERVER_SECRETS } from './secrets.ts';
import { parseFernetKeys } from './sealing/keys.ts';
import { newService } from './service.ts';
import { failureOf, StartError } from './start-error.ts';

const HELP = `Usage: node server.js

Serves the API until SIGTERM or SIGINT, then finishes what is under way and ends.

Settings, from the environment:
  AWS_REGION      region of the secrets and the database
  PARAMETER_PATH  path of the deployment's secrets in Parameter Store, as /halton/hosted
  HOST            address to listen on (default: 0.0.0.0)
  PORT            port to listen on (default: 8443)
  TLS             self-signed: HTTPS with a certificate made at boot; none: plain HTTP, on a loopback address only
                  (default: self-signed)
  LOG_LEVEL       level of the log, which goes to standard output as JSON lines (default: info)
  RDS_ROOTS       root certificates of the database, in base64, a space between (default: those of the release)

  PROXY_RANGE     where the load balancer stands, as 10.40.0.0/16: its X-Forwarded-For is believed (default: nobody's)

  IDENTITY_AUTHORIZED_PARTY  origin of the dashboard, as https://app.example.com
  IDENTITY_ISSUER            issuer of the tokens, an https URL (default: any)
  IDENTITY_JWKS_URL          where the keys of the tokens are fetched, or instead
  IDENTITY_PUBLIC_KEY        the one key of the tokens, an RSA public key in PEM

Secrets are read from Parameter Store. It listens once the database answers with a schema that this release runs on.

Exit codes: 0 ended in good order; 1 failed, or requests had to be cut off; 2 the configuration is wrong.
`;

let service: Draining | undefined;

async function main(environment: Environment): Promise<void> {
  if (wantsHelp()) {
    process.stdout.write(HELP);
    return;
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  const config = readServerConfig(environment);
  const release = readRelease();
  const ssm = parameterStoreClient(config.AWS_REGION);
  const secrets = await readSecrets(ssm, config.PARAMETER_PATH, SERVER_SECRETS);
  ssm.destroy();
  const address = parseDatabaseUrl(secrets['database/url']);
  const poolOf = (login: Partial<Address>) => openPool(connectionTo({ ...address, ...login }, () => rdsRoots(config.AWS_REGION, environment['RDS_ROOTS'])));
  const tls = config.TLS === 'self-signed' ? { tls: await makeCertificate() } : {};
  const { identity, proxyRange } = config;
  const started = await newService({
    release,
    identity,
    pool: poolOf({}),
    support: poolOf({ user: 'halton_support', password: secrets['database/support-password'] }),
    keys: parseFernetKeys(secrets['fernet/keys']),
    webhookSecret: webhookSecretOf(secrets['clerk/webhook-signing-secret']),
    log: { level: config.LOG_LEVEL },
    ...(proxyRange !== undefined && { proxyRange }),
    ...tls,
  });
  await firstReady(started);
  await listen(started.app, config.HOST, Number(config.PORT));
  service = started;
}

/** Judged here, where it can be said: the library would fail with a word about base64. */
function webhookSecretOf(secret: string): string {
  if (/^whsec_[A-Za-z0-9+/]{32,200}={0,2}$/.test(secret)) return secret;
  throw new StartError('SECRET_MALFORMED', 'Got something else at clerk/webhook-signing-secret, expected whsec_ and base64, as the Clerk dashboard shows it. Store it anew: npm run secrets -- set clerk/webhook-signing-secret.');
}

let stopping = false;

/** As the first process of a container this one gets a signal only if it listens to it. */
function stop(): void {
  // Before there is anything to finish, and for whoever asks twice.
  if (service === undefined || stopping) process.exit(service === undefined ? 0 : 1);
  stopping = true;
  drain(service, ECS_LIMITS).then((inTime) => process.exit(inTime ? 0 : 1), fail);
}

function fail(error: unknown): void {
  const { code, reason, exitCode } = failureOf(error);
  process.stdout.write(`${JSON.stringify({ level: 'fatal', time: new Date().toISOString(), code, reason })}\n`);
  process.exit(exitCode);
}

function wantsHelp(): boolean {
  try {
    return parseArgs({ options: { help: { type: 'boolean', short: 'h', default: false } } }).values.help;
  } catch {
    throw new StartError('ARGUMENTS_INVALID', 'Got an argument, expected none but --help: settings come from the environment.');
  }
}

// eslint-disable-next-line node/no-process-env -- where the process starts is where its environment is read
main(process.env).catch(fail);
