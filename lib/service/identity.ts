import type { Deployment } from '../deployment/schema.ts';

/** What the deployment file says of the identity provider, as variables that the API's process reads and judges at boot. */
export function identityEnvironment({ identity }: Deployment): Readonly<Record<string, string>> {
  const { authorizedParty, issuer, jwksUrl, publicKey } = identity;
  return {
    IDENTITY_AUTHORIZED_PARTY: authorizedParty,
    ...(issuer !== undefined && { IDENTITY_ISSUER: issuer }),
    ...(jwksUrl !== undefined && { IDENTITY_JWKS_URL: jwksUrl }),
    ...(publicKey !== undefined && { IDENTITY_PUBLIC_KEY: publicKey }),
  };
}
