import { setTimeout } from 'node:timers/promises';
import { KMSClient } from '@aws-sdk/client-kms';
import { SSMClient } from '@aws-sdk/client-ssm';
import { eventHandler } from './on-event.ts';

const client = {
  // Five attempts outlast, with the SDK's waits between them, some 15 s of throttling: PutParameter takes
  // few calls a second, and the account's other stacks share them.
  maxAttempts: 5,
  requestHandler: {
    // Milliseconds. The interface endpoints answer in tens of them; what takes seconds does not come any more.
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    throwOnRequestTimeout: true,
  },
};

/** Behind the provider framework: makes, checks and keeps this deployment's SecureStrings. */
export const handler = eventHandler({
  ssm: new SSMClient(client),
  kms: new KMSClient(client),
  pause: setTimeout,
  log: (line) => console.log(line), // an object stays one in Lambda's JSON log format; a text would be escaped
  timeLimit: 90_000, // leaves the function's own two minutes time to say why it failed
});
