import { z } from 'zod';
import { judgeOrigin, judgeUrl, ORIGIN_FORM, URL_FORM } from '../origins.ts';
import { judgePublicKey } from '../public-key.ts';
import { text } from './fields.ts';

/** Where Clerk publishes the keys of its tokens. */
export const CLERK_JWKS = 'https://api.clerk.com/v1/jwks';

const fields = z
  .strictObject({
    issuer: text('an https URL', judgeUrl).optional().meta({
      description: 'The `iss` that tokens have to carry. Left out, any issuer whose key fits.',
      pattern: URL_FORM.source,
    }),
    authorizedParty: text('an https origin', judgeOrigin).meta({
      description: 'The `azp` that tokens have to carry: the origin of the dashboard.',
      pattern: ORIGIN_FORM.source,
    }),
    jwksUrl: text('an https URL', judgeUrl).optional().meta({
      description: `Where the keys of the tokens are fetched. Left out together with publicKey, it is ${CLERK_JWKS}.`,
      pattern: URL_FORM.source,
    }),
    publicKey: text('an RSA public key in PEM', judgePublicKey).optional().meta({
      description: 'The one key of the tokens, an RSA public key in PEM of at least 2048 bits, where it is to be pinned instead of fetched. Changing it takes a deployment.',
    }),
  })
  .meta({ description: 'The identity provider whose tokens the API takes.' });

/** The fields as the file has them, before what depends on another one is filled in. */
export const identityFields = fields;

export const identitySection = fields.transform((identity) =>
  identity.jwksUrl === undefined && identity.publicKey === undefined ? { ...identity, jwksUrl: CLERK_JWKS } : identity,
);
