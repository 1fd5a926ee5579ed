import { fated } from '../../support/parameter-store.ts';
import { Account, properties, request } from '../../support/run-migrations.ts';

describe('a migration while the stack is rolled back', () => {
  let account: Account;

  beforeEach(async () => {
    account = await Account.open();
  });
  afterEach(() => account.close());

  /** What CloudFormation sends to undo an update from 1.3.0 to 1.4.0. */
  const undo = (older = {}) => request('Update', properties({ Release: '1.3.0', ...older }), { OldResourceProperties: properties() });

  it.each(['ROLLBACK_IN_PROGRESS', 'ROLLBACK_FAILED', 'UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_FAILED'])('is not started during %s, and the log says so', async (status) => {
    account.endpoint.stackStatus = status;
    expect(await account.deploy(undo())).toBe(0);
    expect(account.fargate.tasks).toEqual([]);
    expect(account.logged).toEqual([expect.objectContaining({ migration: 'skipped', Reason: expect.stringContaining(`is being rolled back (${status})`) })]);
  });

  it('is not started either where the older release’s properties no longer fit', async () => {
    account.endpoint.stackStatus = 'UPDATE_ROLLBACK_IN_PROGRESS';
    expect(await account.deploy(undo({ Cluster: undefined, LogGroup: undefined }))).toBe(0);
  });

  // Where a stack rests after a rollback, the next deployment begins.
  it.each(['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_FAILED'])('is started during %s', async (status) => {
    account.endpoint.stackStatus = status;
    await account.deploy(request('Update'));
    expect(account.fargate.tasks).toHaveLength(1);
  });

  it('is started where an older release is deployed on purpose; whether that goes is the migration’s to say', async () => {
    await account.start(undo());
    expect(account.fargate.tasks).toHaveLength(1);
  });

  it.each(['AccessDenied', 'ValidationError', 'Throttling', 'ServerError', 'hang'])('is started where the status cannot be read, and the log says so: %s', async (fate) => {
    account.endpoint.intercept = fated('DescribeStacks', fate);
    await account.start(request('Update'));
    expect(account.fargate.tasks).toHaveLength(1);
    expect(account.logged[0]).toMatchObject({ rollback: 'unknown', why: expect.stringContaining('DescribeStacks') });
  });

  it('waits for a permission that is not known everywhere before it takes the status for unreadable', async () => {
    account.endpoint.stackStatus = 'UPDATE_ROLLBACK_IN_PROGRESS';
    account.endpoint.intercept = fated('DescribeStacks', 'AccessDenied', { times: 2 });
    await account.start(undo());
    expect(account.pauses).toEqual([2_000, 4_000]);
    expect(account.fargate.tasks).toEqual([]);
  });
});
