import { GIVE_UP_SECONDS } from '../../../lambda/run-migrations/wait.ts';
import { LOG_GROUP } from '../../support/fargate.ts';
import { fated } from '../../support/parameter-store.ts';
import { Account, refusal, request } from '../../support/run-migrations.ts';

describe('a migration whose outcome cannot be found out', () => {
  let account: Account;

  beforeEach(async () => {
    account = await Account.open();
  });
  afterEach(() => account.close());

  it.each(['ThrottlingException', 'ServerException'])('is asked for while there is time, and given up with the last reason: %s', async (fate) => {
    const event = request('Update');
    const waiting = { ...event, ...(await account.start(event)) };
    account.endpoint.intercept = fated('DescribeTasks', fate);
    account.wait(GIVE_UP_SECONDS);
    expect(await account.ask(waiting)).toEqual({ IsComplete: false });
    account.wait(10);
    const error = await refusal(account.ask(waiting));
    expect(error.code).toBe('OUTCOME_UNKNOWN');
    expect(error.message).toContain('the migration of release 1.4.0 ended could not be found out within 1740 seconds: ');
    expect(error.message).toContain(fate);
    expect(error.message).toContain(`log group ${LOG_GROUP}, stream task/migrate/`);
  });

  it('is given up within 31 minutes where each answer takes a minute', async () => {
    account.fargate.course = { runsFor: Infinity };
    account.endpoint.intercept = fated('StopTask', 'ServerException');
    let asked = 0;
    const error = await refusal(account.deploy(request('Update'), (seconds) => {
      asked = seconds;
      account.wait(60);
    }));
    expect(error.code).toBe('OUTCOME_UNKNOWN');
    expect(asked + 60).toBeLessThan(31 * 60);
  });

  it('is given up where ECS does not stop the task either', async () => {
    account.fargate.course = { runsFor: Infinity };
    const event = request('Update');
    const waiting = { ...event, ...(await account.start(event)) };
    account.wait(GIVE_UP_SECONDS + 1);
    const error = await refusal(account.ask(waiting));
    expect(error.code).toBe('OUTCOME_UNKNOWN');
    expect(error.message).toContain('its task has not stopped');
  });

  it('has succeeded where the last answer says so, however late it comes', async () => {
    const event = request('Update');
    const waiting = { ...event, ...(await account.start(event)) };
    account.wait(GIVE_UP_SECONDS + 100);
    expect(await account.ask(waiting)).toEqual({ IsComplete: true });
  });
});
