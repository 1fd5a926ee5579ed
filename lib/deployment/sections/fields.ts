import { z } from 'zod';
import type { Refusal } from '../problems.ts';

/** A piece of text that `judge` refuses or lets pass. */
export const text = (what: string, judge: (value: string) => readonly Refusal[]) =>
  z.string(`${what}, as text`).superRefine((value, context) => {
    for (const { expected, ...params } of judge(value)) context.addIssue({ code: 'custom', message: expected, params });
  });

export const flag = () => z.boolean('true or false').default(false);

/** A list of texts, of which `judgeList` refuses the whole or, by their place, single ones. */
export const list = (
  what: string,
  item: z.ZodType<string, string>,
  judgeList: (values: readonly string[]) => readonly (Refusal & { readonly index?: number })[],
) =>
  z.array(item, what).superRefine((values, context) => {
    for (const { index, expected, ...params } of judgeList(values)) {
      context.addIssue({ code: 'custom', path: index === undefined ? [] : [index], message: expected, params });
    }
  });
