import { PassThrough } from 'node:stream';
import { askHidden } from '../../lib/secrets/ask.ts';

describe('the hidden prompt', () => {
  const ask = (typed: string) => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const answer = askHidden('Value: ', input, output);
    input.write(typed);
    return { answer, input, shown: () => String(output.read()) };
  };

  it('shows the question and nothing of the answer', async () => {
    const { answer, shown } = ask('sk_test_hidden\r');
    expect(await answer).toBe('sk_test_hidden');
    expect(shown()).toBe('Value: \n');
  });

  it('lets a mistake be corrected', async () => {
    expect(await ask('sk_test_x\x7fhidden\r').answer).toBe('sk_test_hidden');
  });

  it('is broken off by Control-C', async () => {
    expect(await ask('sk_test_hid\x03').answer).toBeUndefined();
  });

  it('is broken off by the end of the input', async () => {
    const { answer, input } = ask('');
    input.end();
    expect(await answer).toBeUndefined();
  });
});
