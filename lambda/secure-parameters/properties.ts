import * as z from 'zod/mini';

const matching = (pattern: RegExp, expected: string) => z.string(expected).check(z.regex(pattern, expected));

const name = matching(/^[a-z0-9-]+(\/[a-z0-9-]+)*$/, 'expected a name like clerk/secret-key');
const location = {
  Deployment: matching(/^[a-z0-9-]+$/, "expected the deployment's name"),
  Path: matching(/^\/halton\/[a-z0-9-]+$/, "expected /halton/ and the deployment's name"),
};
const keeping = {
  ...location,
  KeyArn: matching(/^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/, "expected a key's ARN, not an alias"),
  // CloudFormation hands a boolean on as text.
  DeleteOnDestroy: z.enum(['true', 'false'], 'expected true or false'),
};

const generatedFormat = z.enum(['fernet-keys', 'webhook-secret', 'password'], 'expected a format that this function makes');
export type GeneratedFormat = z.infer<typeof generatedFormat>;

/** `Custom::OperatorSecrets`: what the operator has to have stored. */
export const operatorSecrets = z.object({ ...location, Names: z.array(name) });

/** `Custom::SecureParameters`: what is kept under the deployment's key. */
export const secureParameters = z.object({
  ...keeping,
  Parameters: z.array(z.discriminatedUnion('Source', [
    z.object({ Name: name, Source: z.literal('generated'), Format: generatedFormat }),
    z.object({ Name: name, Source: z.literal('operator') }),
  ], 'expected the source generated or operator')),
});

/** `Custom::DatabaseUrl`: where the API's database is, and with which login it starts. */
export const databaseUrl = z.object({
  ...keeping,
  Name: name,
  Host: matching(/^[A-Za-z0-9.-]+$/, 'expected a host name'),
  Port: matching(/^\d{1,5}$/, 'expected a port'),
  Database: matching(/^\w+$/, 'expected the name of a database'),
  Login: matching(/^\w+$/, 'expected the name of a login'),
  PasswordName: name,
  // Anything less would let a client talk to a server that nobody verified.
  SslMode: z.literal('verify-full', 'expected verify-full'),
});

export type OperatorSecrets = z.infer<typeof operatorSecrets>;
export type SecureParameters = z.infer<typeof secureParameters>;
export type DatabaseUrl = z.infer<typeof databaseUrl>;
