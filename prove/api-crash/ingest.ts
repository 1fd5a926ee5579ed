import { setTimeout as sleep } from 'node:timers/promises';
import { arrivingRow } from '../../test/support/usage.ts';

/** Rows of a batch. */
export const ROWS = 20;
/** Milliseconds between two tries, and for one: what is killed is back within seconds. */
const [TRY_EVERY, PATIENCE] = [50, 20_000];
/** Tries of one batch: minutes, on a machine that does other things too. */
const TRIES = 6_000;
/** What the service answers while its database is away. */
const AWAY = 503;

/** Where batches go, and by whom they are sent. */
export interface Target {
  readonly url: string;
  readonly workspaceId: string;
  readonly token: string;
  readonly userId: string;
}

/** Batches that were acknowledged. */
export interface Sent {
  readonly requestIds: string[];
  /** Batches that were sent again, since their answer was lost or said to. */
  resent: number;
  /** Of these the ones that had been stored by the time. */
  repeated: number;
}

/**
 * Sends batches as a client does: one whose answer is lost is sent again, as it was, until it is acknowledged.
 *
 * @param over whether to begin no further one
 * @throws Error where one is refused, or acknowledged as something else than it is
 */
export async function ingestUntil(target: Target, writer: string, over: () => boolean, sent: Sent): Promise<void> {
  for (let batch = 1; !over(); batch += 1) {
    const requestIds = Array.from({ length: ROWS }, (_, row) => `${writer}-${batch}-${row}`);
    const body = JSON.stringify({ requests: requestIds.map((requestId) => arrivingRow(requestId, { userId: target.userId })) });
    const { tries, stored, repeated } = await sendUntilAcknowledged(target, body);
    // Whole or not at all; once only.
    if (stored + repeated !== ROWS || (stored !== 0 && repeated !== 0) || (tries === 1 && repeated !== 0)) throw new Error(`Got ${stored} stored and ${repeated} repeated of ${ROWS} rows at the ${tries}. try, expected all of the one or all of the other.`);
    sent.requestIds.push(...requestIds);
    if (tries > 1) sent.resent += 1;
    if (repeated > 0) sent.repeated += 1;
  }
}

interface Acknowledged { readonly stored: number; readonly repeated: number }

async function sendUntilAcknowledged(target: Target, body: string): Promise<Acknowledged & { readonly tries: number }> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const answer = await send(target, body);
    if (answer !== undefined) return { tries, ...answer };
    await sleep(TRY_EVERY);
  }
  throw new Error(`Got no acknowledgement after ${TRIES} tries, expected the service to be back by then.`);
}

/** Undefined where the answer was lost, or is to come again later. */
async function send({ url, workspaceId, token }: Target, body: string): Promise<Acknowledged | undefined> {
  try {
    const response = await fetch(`${url}/v1/${workspaceId}/requests`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body, signal: AbortSignal.timeout(PATIENCE) });
    const text = await response.text();
    if (response.status === AWAY) return undefined;
    if (response.status !== 200) throw new Refused(`Got ${response.status} ${text}, expected 200.`);
    const acknowledged: Acknowledged = JSON.parse(text);
    return acknowledged;
  } catch (error) {
    if (error instanceof Refused) throw error;
    return undefined; // the connection broke, before or after the batch was stored
  }
}

class Refused extends Error {}
