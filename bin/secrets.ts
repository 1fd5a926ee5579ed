import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { deploymentFile, deploymentName, UsageError } from './deployment-name.ts';
import { DeploymentError } from '../lib/deployment/problems.ts';
import { loadDeployment } from '../lib/deployment/load.ts';
import type { Deployment } from '../lib/deployment/schema.ts';
import type { AccountParameters } from '../lib/secrets/account-parameters.ts';
import { askHidden, readAll } from '../lib/secrets/ask.ts';
import { explainAwsError } from '../lib/secrets/aws-trouble.ts';
import { listAsJson, listAsText, listExitCode, listSecrets } from '../lib/secrets/listing.ts';
import { acceptedValue, operatorSecretNamed, RefusedSecretError } from '../lib/secrets/operator-value.ts';
import { ACCOUNT_KEY, secretPath, secrets } from '../lib/secrets/table.ts';

const help = `Usage: npm run secrets -- list [--json] [-c deployment=NAME]
       npm run secrets -- set NAME [-c deployment=NAME]

  list      every secret of the deployment: where it comes from, who reads it, whether it is there; never a value
  set NAME  stores a secret that the operator supplies, from standard input or a prompt that shows nothing

  -c, --context deployment=NAME  the deployment, as deployments/NAME.yaml describes it (default: hosted)
      --json                     list for a machine
  -h, --help                     this text

AWS credentials come from where the AWS CLI takes them (AWS_PROFILE, SSO, environment); the region is the deployment's.
Exit codes: 0 done; 1 refused, or a secret that the operator supplies is missing or in plaintext; 2 could not run.`;

async function main(): Promise<0 | 1 | 2> {
  const { values, positionals } = args();
  if (values.help) {
    console.log(help);
    return 0;
  }
  const [verb, name, ...rest] = positionals;
  const deployment = () => loadDeployment(deploymentFile(join(import.meta.dirname, '..'), deploymentName(values.context)));
  if (verb === 'list' && name === undefined) return list(deployment(), values.json);
  if (verb === 'set' && name !== undefined && rest.length === 0 && !values.json) return set(deployment(), name);
  // The arguments are not repeated: a value may be among them, and a shell's history is no place for one.
  throw new UsageError('Expected `list` or `set NAME`, the value being piped in or asked for and never an argument; --help says more.');
}

function args() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        context: { type: 'string', short: 'c', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch {
    // parseArgs repeats the argument, and a value in the wrong place would be one.
    throw new UsageError('Got an option that does not exist, or one without its value; --help shows those that do.');
  }
}

async function list(deployment: Deployment, json: boolean): Promise<0 | 1 | 2> {
  const account = await accountOf(deployment);
  const sightings = await asking(deployment, () => account.look(secrets.map((secret) => secretPath(deployment, secret))));
  const listed = listSecrets(deployment, sightings);
  console.log(json ? listAsJson(deployment, listed) : listAsText(deployment, listed));
  return listExitCode(listed);
}

async function set(deployment: Deployment, name: string): Promise<0> {
  const secret = operatorSecretNamed(name);
  const path = secretPath(deployment, secret);
  const { stdin, stderr } = process;
  const input = stdin.isTTY ? await askHidden(`${name} (what you type is not shown): `, stdin, stderr) : await readAll(stdin);
  const value = acceptedValue(secret, input ?? '');

  const account = await accountOf(deployment);
  const last = await asking(deployment, () => account.lastVersion(path));
  if (last !== undefined && last.type !== 'SecureString') {
    throw new RefusedSecretError('PARAMETER_NOT_SECURE', `${path} is a ${last.type ?? 'parameter of unknown type'}, expected a SecureString; Parameter Store cannot change a type, and what it holds counts as exposed. Delete it (aws ssm delete-parameter --name ${path}), make a new value, and set that.`);
  }
  const { version, keyId } = await asking(deployment, () => account.put(path, value, last));
  console.log(`Stored ${path} in ${deployment.region}, version ${version ?? 'unknown'}, under ${keyId}.`);
  if (keyId === ACCOUNT_KEY) console.log("The next deployment puts it under the deployment's own key.");
  return 0;
}

/** The deployment's Parameter Store; refused where the file names another account than the credentials lead to. */
async function accountOf(deployment: Deployment): Promise<AccountParameters> {
  const { AccountParameters } = await import('../lib/secrets/account-parameters.ts'); // the SDK takes longer to load than a refusal does
  const parameters = new AccountParameters(deployment.region);
  const { account } = deployment;
  if (account !== undefined) await asking(deployment, () => parameters.demandAccount(account));
  return parameters;
}

class AwsError extends Error {}

async function asking<Answer>({ region }: Deployment, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RefusedSecretError) throw error;
    throw new AwsError(explainAwsError(error instanceof Error ? error : new Error('unknown'), region));
  }
}

function exitCodeOf(error: unknown): 1 | 2 {
  if (error instanceof RefusedSecretError) {
    console.error(`${error.code}: ${error.message}`);
    return 1;
  }
  const explained = error instanceof AwsError || error instanceof UsageError || error instanceof DeploymentError;
  console.error(explained ? error.message : `secrets could not run (${error instanceof Error ? error.name : 'unknown error'}).`);
  return 2;
}

process.exitCode = await main().catch(exitCodeOf);
