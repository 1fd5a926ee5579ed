import { fated } from '../../support/parameter-store.ts';
import { LOG_GROUP } from '../../support/fargate.ts';
import { Account, properties, refusal, request } from '../../support/run-migrations.ts';

const failed = (reason: string, code = 'migration-refused') => JSON.stringify({ outcome: 'failed', code, reason });

describe('waiting for a migration', () => {
  let account: Account;

  beforeEach(async () => {
    account = await Account.open();
  });
  afterEach(() => account.close());

  const stops = () => account.endpoint.inputs('StopTask');

  it('succeeds when the container ends with 0', async () => {
    expect(await account.deploy(request('Create'))).toBe(40);
    expect(account.logged.at(-1)).toMatchObject({ migration: 'succeeded', release: '1.4.0' });
  });

  it('is not done while the task runs', async () => {
    const event = request('Create');
    const waiting = { ...event, ...(await account.start(event)) };
    for (const seconds of [0, 10, 15]) {
      account.wait(seconds);
      expect(await account.ask(waiting)).toEqual({ IsComplete: false });
    }
  });

  it('waits for a task that ECS does not know yet', async () => {
    account.fargate.course = { unseenFor: 30 };
    expect(await account.deploy(request('Create'))).toBe(40);
  });

  describe('that fails', () => {
    it('says the exit code, the code and the reason of the log’s last line', async () => {
      account.fargate.course = { exitCode: 3, lines: ['{"level":"info"}', failed('an older failure'), failed('0042 was changed after its release'), 'bye', '"failed"', '{'] };
      const error = await refusal(account.deploy(request('Update')));
      expect(error.code).toBe('MIGRATION_FAILED');
      expect(error.message).toContain('the migration of release 1.4.0 failed with exit code 3: migration-refused, 0042 was changed after its release. It takes no traffic.');
      expect(error.message).toContain(`log group ${LOG_GROUP}, stream task/migrate/`);
    });

    it('says the same when it is asked again', async () => {
      account.fargate.course = { exitCode: 1, lines: [failed('no')] };
      const event = request('Update');
      const waiting = { ...event, ...(await account.start(event)) };
      account.wait(60);
      const first = await refusal(account.ask(waiting));
      expect((await refusal(account.ask(waiting))).message).toBe(first.message);
    });

    it('waits for the log’s last line', async () => {
      account.fargate.course = { exitCode: 1, lines: [failed('it came late')], linesLate: 14 };
      expect((await refusal(account.deploy(request('Update')))).message).toContain('it came late');
    });

    it.each([
      ['there is no log stream', [], 'its log names no reason'],
      ['the log names no reason', ['Error: boom'], 'its log names no reason'],
      ['the line lacks a code', ['{"outcome":"failed","reason":"x"}'], 'its log names no reason'],
      ['the code is none', [JSON.stringify({ outcome: 'failed', code: 'drop table', reason: 'x' })], 'its log names no reason'],
    ])('says so when %s', async (_, lines, said) => {
      account.fargate.course = { exitCode: 1, lines };
      const error = await refusal(account.deploy(request('Update')));
      expect(error.code).toBe('MIGRATION_FAILED');
      expect(error.message).toContain(`exit code 1: ${said}.`);
      expect(account.pauses).toEqual([2_000, 2_000]);
    });

    it.each(['AccessDeniedException', 'ServerException'])('has still failed when the log answers %s', async (fate) => {
      account.fargate.course = { exitCode: 1, lines: [failed('unreadable')] };
      account.endpoint.intercept = fated('GetLogEvents', fate);
      const error = await refusal(account.deploy(request('Update')));
      expect(error.code).toBe('MIGRATION_FAILED');
      expect(error.message).toContain(`exit code 1: its log could not be read (${fate})`);
    });

    it('names what ECS says of the container', async () => {
      account.fargate.course = { exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' };
      expect((await refusal(account.deploy(request('Update')))).message).toContain('exit code 137: OutOfMemoryError: Container killed due to memory usage; its log names no reason');
    });
  });

  describe('whose task ends otherwise', () => {
    it('says why the image could not be pulled', async () => {
      account.fargate.course = { stuck: 'CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to do request: Head "https://1.dkr.ecr.eu-west-2.amazonaws.com/v2/halton/manifests/1": dial tcp: i/o timeout' };
      const error = await refusal(account.deploy(request('Create')));
      expect(error.code).toBe('TASK_STOPPED');
      expect(error.message).toMatch(/before the migration ended: TaskFailedToStart; CannotPullContainerError: .* "https:\/\/1\.dkr\.ecr\.eu-west-2\.amazonaws\.com\/v2.*i\/o timeout\. It takes/);
      expect(error.message.match(/CannotPull/g)).toHaveLength(1);
    });

    it('says who else stopped it, and takes no exit code of 0 from what was stopped', async () => {
      account.fargate.course = { runsFor: 600 };
      const error = await refusal(account.deploy(request('Create'), (seconds) => seconds === 100 && account.fargate.stop('stopped in the console')));
      expect(error.code).toBe('TASK_STOPPED');
      expect(error.message).toContain('UserInitiated; stopped in the console');
    });

    it('says so when the container of that name is not in it', async () => {
      const error = await refusal(account.deploy(request('Create', properties({ Container: 'migrations' }))));
      expect(error.code).toBe('TASK_STOPPED');
      expect(error.message).toContain('it has no container named migrations');
    });

    it('says so when ECS does not know the task any more', async () => {
      account.fargate.course = { runsFor: 2_000 };
      const error = await refusal(account.deploy(request('Create'), (seconds) => seconds === 400 && account.fargate.tasks.splice(0)));
      expect(error.code).toBe('TASK_VANISHED');
    });
  });

  describe('that does not end', () => {
    beforeEach(() => {
      account.fargate.course = { runsFor: Infinity };
    });

    it('has the task stopped after 25 minutes, and fails once it has stopped, before the framework gives up', async () => {
      const error = await refusal(account.deploy(request('Update'), (seconds) => expect(seconds).toBeLessThan(1_700)));
      expect(error.code).toBe('MIGRATION_TIMED_OUT');
      expect(error.message).toContain('the migration of release 1.4.0 did not end within 1500 seconds and was stopped');
      expect(stops()).toEqual([expect.objectContaining({ reason: 'The migration did not end within its time.' })]);
      expect(account.fargate.tasks[0]?.stop?.at).toBe((account.fargate.tasks[0]?.createdAt ?? 0) + 1_510);
    });

    it('has as long as the properties say', async () => {
      const error = await refusal(account.deploy(request('Update', properties({ MaxSeconds: '60' }))));
      expect(error.message).toContain('within 60 seconds');
    });

    it('says the same when it is asked again', async () => {
      const event = request('Update');
      const waiting = { ...event, ...(await account.start(event)) };
      account.wait(1_600);
      expect(await account.ask(waiting)).toEqual({ IsComplete: false });
      account.wait(60);
      for (const _ of [1, 2]) expect((await refusal(account.ask(waiting))).code).toBe('MIGRATION_TIMED_OUT');
      expect(stops()).toHaveLength(1);
    });

    it('asks for its end again when that was not answered', async () => {
      account.endpoint.intercept = fated('StopTask', 'ServerException', { times: 3 });
      expect((await refusal(account.deploy(request('Update')))).code).toBe('MIGRATION_TIMED_OUT');
    });
  });

  it.each(['ThrottlingException', 'ServerException', 'hang', 'lose-answer'])('does not take it for a failure that ECS cannot be asked for a while: %s', async (fate) => {
    account.endpoint.intercept = fated('DescribeTasks', fate, { times: 6 });
    expect(await account.deploy(request('Update'))).toBe(40);
    expect(account.logged.filter(({ migration }) => migration === 'unknown')).toHaveLength(2);
  });

  it.each(['ClusterNotFoundException', 'AccessDeniedException', 'InvalidParameterException'])('fails when ECS refuses to be asked: %s', async (fate) => {
    account.endpoint.intercept = fated('DescribeTasks', fate);
    const error = await refusal(account.deploy(request('Update')));
    expect(error.code).toBe('AWS_CALL_FAILED');
    expect(error.message).toContain(`${fate}, as the test wants it. Mend`);
  });

  it.each([undefined, {}, request('Create'), { ...request('Create'), Migration: { Run: 'started' } }, { ...request('Create'), Migration: { Run: 'started', TaskArn: 'arn', StartedAt: 'now' } }, { ...request('Create'), Migration: { Run: 'later' } }])(
    'takes no event without a migration for one that is complete: %p',
    async (event) => expect((await refusal(account.ask(event))).code).toBe('EVENT_INVALID'),
  );
});
