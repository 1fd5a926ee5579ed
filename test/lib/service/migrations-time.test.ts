import { GIVE_UP_SECONDS, MOST_SECONDS } from '../../../lambda/run-migrations/wait.ts';
import { resources, templatesOf } from '../../support/deployments.ts';

/** Seconds after which CloudFormation gives a custom resource up by itself. */
const CLOUDFORMATION_SECONDS = 3_600;
/** Seconds that ECS may take to stop a task: what a container has between its signals, and as much for the rest. */
const STOPPING_SECONDS = 60;

const { service } = templatesOf();

/** Seconds that a function has. */
function timeoutOf(prefix: string): number {
  const [, found] = Object.entries(resources(service, 'AWS::Lambda::Function')).find(([id]) => id.startsWith(prefix)) ?? [];
  return Number(found?.Properties['Timeout']);
}

/** How often the framework asks, and the seconds between two questions. */
function questions(): { readonly attempts: number; readonly interval: number } {
  const [waiter] = Object.values(resources(service, 'AWS::StepFunctions::StateMachine'));
  const definition = JSON.stringify(waiter?.Properties['DefinitionString']);
  const [attempts, interval] = [/MaxAttempts\\":(\d+)/, /IntervalSeconds\\":(\d+)/].map((pattern) => Number(pattern.exec(definition)?.[1]));
  return { attempts: attempts ?? NaN, interval: interval ?? NaN };
}

const { attempts, interval } = questions();
const start = timeoutOf('MigrationsStartFunction');
const answer = timeoutOf('MigrationsAwaitFunction');

describe('the time of a migration', () => {
  test('is read from the template', () => {
    expect({ attempts, interval, start, answer }).toEqual({ attempts: 180, interval: 10, start: 300, answer: 90 });
  });

  test('ends within CloudFormation’s hour, however long AWS takes for each answer', () => {
    expect(start + GIVE_UP_SECONDS + interval + answer).toBeLessThan(CLOUDFORMATION_SECONDS);
  });

  test('would not, if the framework’s count of questions were the only bound', () => {
    expect(start + attempts * (interval + answer)).toBeGreaterThan(CLOUDFORMATION_SECONDS);
  });

  test('ends by the function, which says why, before the framework has asked for the last time', () => {
    expect(GIVE_UP_SECONDS + interval).toBeLessThan(attempts * interval);
  });

  test('leaves ECS enough to stop a task that took too long', () => {
    expect(MOST_SECONDS + interval + STOPPING_SECONDS).toBeLessThan(GIVE_UP_SECONDS);
  });
});
