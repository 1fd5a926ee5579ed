import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import * as z from 'zod/mini';
import type { Call, Pause } from './calls.ts';
import { AwsCallError } from './errors.ts';
import { scrub } from './scrub.ts';

/** How a migration says why it failed, in the last line that it writes. */
const failure = z.object({ outcome: z.literal('failed'), code: z.string().check(z.regex(/^[\w.-]{1,64}$/)), reason: z.string() });

/** Readings of the log, 2 s apart: its last line may reach CloudWatch after the task is gone. */
const READINGS = 3;

/** Lines at the end of the log among which the reason is looked for; others may follow while the process ends. */
const LINES = 50;

/** Why the migration failed, as its log has it; what a log cannot tell is said, and never hides that it failed. */
export async function lastWords(logGroupName: string, logStreamName: string, logs: CloudWatchLogsClient, call: Call, pause: Pause): Promise<string> {
  const command = new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: false, limit: LINES });
  for (let reading = 1; reading <= READINGS; reading += 1) {
    try {
      const { events = [] } = await call('GetLogEvents', logStreamName, (options) => logs.send(command, options));
      const said = reasonIn(events.map(({ message = '' }) => message));
      if (said !== undefined) return said;
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      // No stream: nothing was written, or nothing yet.
      if (error.awsName !== 'ResourceNotFoundException') return `its log could not be read (${error.awsName})`;
    }
    if (reading < READINGS) await pause(2_000);
  }
  return 'its log names no reason';
}

/** Code and reason of the last line that names them. */
export function reasonIn(messages: readonly string[]): string | undefined {
  for (const message of messages.toReversed()) {
    const { success, data } = failure.safeParse(json(message));
    if (success) return `${data.code}, ${scrub(data.reason)}`;
  }
  return undefined;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
