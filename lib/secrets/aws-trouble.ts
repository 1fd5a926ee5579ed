const NO_CREDENTIALS = 'No AWS credentials were found. Log in (`aws sso login --profile NAME`) and set AWS_PROFILE=NAME, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and run this again.';
const BAD_CREDENTIALS = 'AWS does not accept the credentials. Log in again, see that AWS_PROFILE names the right account, and run this again.';
const NO_ROUTE = 'Systems Manager could not be reached. See that this machine has a way to it (network, proxy, VPN), and run this again.';
const BAD_KEY = 'The key under which the parameter lies cannot be used. Enable it or cancel its deletion; if the key is lost, delete the parameter (`aws ssm delete-parameter --name PATH`), and set it again.';

const explanations: Readonly<Record<string, string>> = {
  CredentialsProviderError: NO_CREDENTIALS,
  TokenProviderError: NO_CREDENTIALS,
  ExpiredTokenException: BAD_CREDENTIALS,
  ExpiredToken: BAD_CREDENTIALS,
  UnrecognizedClientException: BAD_CREDENTIALS,
  InvalidSignatureException: BAD_CREDENTIALS,
  InvalidClientTokenId: BAD_CREDENTIALS,
  AccessDeniedException: 'The credentials do not allow it. Setting takes ssm:GetParameterHistory and ssm:PutParameter on the path, listing ssm:GetParameters, and kms:DescribeKey where the deployment names its account.',
  ParameterAlreadyExists: 'Somebody else stored it at the same moment. Run this again to store another version on top.',
  InvalidKeyId: BAD_KEY,
  KMSInvalidStateException: BAD_KEY,
  TimeoutError: NO_ROUTE,
};

/**
 * What an error of the SDK means and what to do about it.
 *
 * Only its name goes into the text: AWS's own message may repeat what was sent, a value included.
 */
export function explainAwsError(error: Error, region: string): string {
  const systemCode = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const unreachable = systemCode !== undefined && /^E[A-Z_]+$/.test(systemCode);
  const name = unreachable ? systemCode : error.name;
  const explanation = unreachable ? NO_ROUTE : explanations[name];
  return `AWS could not be asked in ${region} (${name}). ${explanation ?? 'Nothing was stored; look the name up in the API reference of Systems Manager, and run this again.'}`;
}
