import { fated } from '../../support/parameter-store.ts';
import { CLUSTER } from '../../support/fargate.ts';
import { Account, properties, refusal, request } from '../../support/run-migrations.ts';

describe('starting a migration', () => {
  let account: Account;

  beforeEach(async () => {
    account = await Account.open();
  });
  afterEach(() => account.close());

  const started = () => account.endpoint.inputs('RunTask');

  it.each(['Create', 'Update'] as const)('starts one task on Fargate for a %s, in the task security group and without a public address', async (type) => {
    await account.start(request(type));
    expect(started()).toEqual([
      expect.objectContaining({
        cluster: CLUSTER, taskDefinition: 'arn:aws:ecs:eu-west-2:123456789012:task-definition/halton-hosted-migrate:7', launchType: 'FARGATE', count: 1,
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b2c', 'subnet-0d3e4f'], securityGroups: ['sg-0123abc'], assignPublicIp: 'DISABLED' } },
      }),
    ]);
  });

  it('overrides nothing of the task definition', async () => {
    await account.start(request('Create'));
    expect(started()[0]).not.toHaveProperty('overrides');
  });

  it('names the resource by its place at its creation, and never changes the name', async () => {
    const { PhysicalResourceId } = await account.start(request('Create'));
    expect(PhysicalResourceId).toMatch(/^halton-migrations-[0-9a-f]{32}$/);
    expect((await account.start(request('Create'))).PhysicalResourceId).toBe(PhysicalResourceId);
    expect((await account.start(request('Update', properties(), { PhysicalResourceId }))).PhysicalResourceId).toBe(PhysicalResourceId);
  });

  it('starts one for an update that names the same release, whose migration may never have succeeded', async () => {
    await account.start(request('Update', properties(), { OldResourceProperties: properties() }));
    expect(account.fargate.tasks).toHaveLength(1);
  });

  it('does nothing for a Delete, whatever its properties', async () => {
    for (const event of [request('Delete'), request('Delete', { Deployment: 'Not A Name' })]) {
      expect(await account.start(event)).toMatchObject({ PhysicalResourceId: 'halton-migrations-1', Migration: { Run: 'skipped' } });
      expect(await account.deploy(event)).toBe(0);
    }
    expect(account.endpoint.calls).toEqual([]);
  });

  describe('when the request is repeated', () => {
    it('finds the task that runs', async () => {
      const event = request('Update');
      await account.start(event);
      account.wait(25);
      expect(await account.start(event)).toMatchObject({ Migration: { Run: 'started', TaskArn: account.fargate.tasks[0]?.taskArn } });
      expect(started()).toHaveLength(1);
    });

    it('gets the same task from ECS where the list does not have it yet', async () => {
      const event = request('Update');
      await account.start(event);
      account.endpoint.intercept = ({ operation, input }) => {
        if (operation === 'ListTasks') Object.assign(input, { startedBy: 'not-listed-yet' });
        return undefined;
      };
      await account.start(event);
      expect(started()).toHaveLength(2);
      expect(account.fargate.tasks).toHaveLength(1);
    });

    it('gets the same task where ECS’s answer was lost', async () => {
      account.endpoint.intercept = fated('RunTask', 'lose-answer', { times: 1 });
      await account.start(request('Create'));
      expect(started()).toHaveLength(2);
      expect(account.fargate.tasks).toHaveLength(1);
    });

    it('starts another for the next request, though it were for the same release', async () => {
      await account.start(request('Update'));
      await account.start(request('Update'));
      expect(account.fargate.tasks).toHaveLength(2);
    });
  });

  describe('when there is no room', () => {
    const FARGATE = 'Capacity is unavailable at this time. Please try again later or in a different availability zone';

    it.each([FARGATE, 'RESOURCE:ENI'])('tries again: %s', async (reason) => {
      account.fargate.shortages.push(reason, reason);
      await account.start(request('Create'));
      expect(account.pauses).toEqual([5_000, 10_000]);
      expect(account.fargate.tasks).toHaveLength(1);
    });

    it('gives up after two minutes, with the reason', async () => {
      account.fargate.shortages.push(...Array.from({ length: 9 }, () => FARGATE));
      const error = await refusal(account.start(request('Create')));
      expect(error.code).toBe('NO_CAPACITY');
      expect(error.message).toContain(`did not start the migration of release 1.4.0: ${FARGATE}`);
      expect(account.pauses).toEqual([5_000, 10_000, 20_000, 30_000, 30_000, 30_000]);
    });
  });

  it('says at once why ECS starts nothing, where waiting does not help', async () => {
    account.fargate.shortages.push('INACTIVE');
    const error = await refusal(account.start(request('Create')));
    expect(error.code).toBe('TASK_NOT_STARTED');
    expect(error.message).toContain('INACTIVE');
    expect(account.pauses).toEqual([]);
  });

  it.each(['AccessDeniedException', 'ClientException: ECS was unable to assume the role that was provided for this task.', 'InvalidParameterException: Unable to assume the service linked role.'])(
    'waits while a new role is not known everywhere: %s',
    async (fate) => {
      account.endpoint.intercept = fated('RunTask', fate, { times: 2 });
      await account.start(request('Create'));
      expect(account.pauses).toEqual([2_000, 4_000]);
    },
  );

  it('waits half a minute in all, and then says what AWS says', async () => {
    account.endpoint.intercept = fated('RunTask', 'AccessDeniedException: not authorized to perform iam:PassRole');
    const error = await refusal(account.start(request('Create')));
    expect(error.code).toBe('AWS_CALL_FAILED');
    expect(error.message).toContain('halton-hosted-migrate:7: AccessDeniedException, not authorized to perform iam:PassRole. Mend');
    expect(account.pauses).toEqual([2_000, 4_000, 8_000, 8_000, 8_000]);
  });

  it.each(['ThrottlingException', 'ServerException', 'hang'])('outlasts %s', async (fate) => {
    account.endpoint.intercept = fated('RunTask', fate, { times: 1 });
    await account.start(request('Create'));
    expect(account.fargate.tasks).toHaveLength(1);
  });

  it('gives up in time', async () => {
    account.endpoint.intercept = fated('RunTask', 'hang');
    expect((await refusal(account.start(request('Create'), 300))).code).toBe('OUT_OF_TIME');
  });

  it.each([
    ['Cluster', 'halton-hosted', "expected a cluster's ARN"],
    ['TaskDefinition', 'arn:aws:ecs:eu-west-2:123456789012:task-definition/halton-hosted-migrate', 'with its revision'],
    ['Subnets', [], 'expected a subnet at least'],
    ['SecurityGroups', ['default'], 'expected a security group'],
    ['Container', '', "expected a container's name"],
    ['LogGroup', 'a:b', "expected a log group's name"],
    ['Release', '1.4.0\n', "expected the release's name"],
    ['MaxSeconds', '0', 'expected a number of seconds'],
  ])('refuses a wrong %s and starts nothing', async (name, value, expected) => {
    const error = await refusal(account.start(request('Create', properties({ [name]: value }))));
    expect(error.code).toBe('EVENT_INVALID');
    expect(error.message).toContain(name);
    expect(error.message).toContain(expected);
    expect(account.fargate.tasks).toEqual([]);
  });

  it.each([undefined, 'Create', {}, { ...request('Create'), RequestType: 'Replace' }, { ...request('Create'), ResourceType: 'Custom::Other' }, { ...request('Create'), RequestId: 7 }])(
    'refuses an event of another shape: %p',
    async (event) => expect((await refusal(account.start(event))).code).toBe('EVENT_INVALID'),
  );

  it('shows nothing of what it refuses, nor the address that the answer goes to', async () => {
    const error = await refusal(account.start(request('Create', properties({ Cluster: 'postgresql://u:hunter2@h/d' }))));
    expect(error.message).not.toContain('hunter2');
    await account.start(request('Create'));
    expect(JSON.stringify(account.logged)).not.toContain('signed-for-the-answer');
  });
});
