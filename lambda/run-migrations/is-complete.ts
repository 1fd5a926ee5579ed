import { setTimeout } from 'node:timers/promises';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';
import { client } from './clients.ts';
import { completionHandler } from './wait.ts';

/** Behind the provider framework, second: asks whether the migration has ended, and how. */
export const handler = completionHandler({
  ecs: new ECSClient(client),
  logs: new CloudWatchLogsClient(client),
  pause: setTimeout,
  now: Date.now,
  log: (line) => console.log(line), // an object stays one in Lambda's JSON log format; a text would be escaped
  timeLimit: 60_000, // leaves the function's own 90 seconds time to say why it failed
});
