import { trustLoadBalancer } from '../../api/src/proxy.ts';

describe('X-Forwarded-For', () => {
  const trust = trustLoadBalancer('10.40.0.0/16');

  it.each(['10.40.1.1', '::ffff:10.40.1.1'])('is believed of the load balancer at %s, about its own client alone', (address) => {
    expect([trust(address, 0), trust(address, 1)]).toEqual([true, false]);
  });

  it.each(['10.41.1.1', '::ffff:10.41.1.1', '2001:db8::1', 'nonsense'])('is not believed of %s', (address) => {
    expect(trust(address, 0)).toBe(false);
  });

  it('is believed of nobody where no range is known', () => {
    expect(trustLoadBalancer(undefined)('10.40.1.1', 0)).toBe(false);
  });
});
