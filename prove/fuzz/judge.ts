import { PROBLEM_TYPE, problems } from '../../api/src/problem.ts';
import type { FuzzRequest } from './requests.ts';
import type { FuzzAnswer } from './send.ts';

/** What is wrong with an answer; undefined where nothing is. */
export function faultOf({ operation }: FuzzRequest, answer: FuzzAnswer): string | undefined {
  if ('failed' in answer) return `no answer: ${answer.failed}`;
  const { status, type, text } = answer;
  const code = codeIn(text);
  if (status >= 500) return `${status} ${code}`;
  if (!operation.statuses.has(status)) return `${status} ${code}, which is not documented`;
  if (status < 400) return undefined;
  if (!type.startsWith(PROBLEM_TYPE)) return `${status} as ${type}`;
  // eslint-disable-next-line typescript/no-unsafe-type-assertion -- looked up, and compared with what stands there
  return problems[code as keyof typeof problems] === status ? undefined : `${status} with the code ${code}`;
}

/** The code of a problem, or that there is none. */
export function codeIn(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string' ? value.code : 'without a code';
  } catch {
    return 'without a code';
  }
}
