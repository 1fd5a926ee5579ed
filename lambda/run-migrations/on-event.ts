import { setTimeout } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ECSClient } from '@aws-sdk/client-ecs';
import { client } from './clients.ts';
import { eventHandler } from './start.ts';

/** Behind the provider framework, first: starts the migration of a release as a task in the deployment's cluster. */
export const handler = eventHandler({
  ecs: new ECSClient(client),
  cloudFormation: new CloudFormationClient(client),
  pause: setTimeout,
  now: Date.now,
  log: (line) => console.log(line), // an object stays one in Lambda's JSON log format; a text would be escaped
  timeLimit: 240_000, // leaves the function's own five minutes time to say why it failed
});
