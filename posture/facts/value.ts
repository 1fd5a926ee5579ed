/**
 * A property as a reader found it.
 *
 * A control never sees a bare value: it has to say what happens when the value is absent, cannot be
 * resolved inside the assembly, or is declared outside it, so that none of these can pass by accident.
 */
export type Value<T> =
  | { readonly is: 'known'; readonly value: T }
  /** The property is not set at all; whether its default will do is the control's decision. */
  | { readonly is: 'absent' }
  /** The assembly, or the account's answer, does not settle the value. */
  | { readonly is: 'unresolved'; readonly why: string }
  /** The value belongs to something that this assembly only refers to: an imported VPC, a customer's key. */
  | { readonly is: 'outside'; readonly why: string };

export const known = <T>(value: T): Value<T> => ({ is: 'known', value });
export const absent: Value<never> = { is: 'absent' };
export const unresolved = (why: string): Value<never> => ({ is: 'unresolved', why });
export const outside = (why: string): Value<never> => ({ is: 'outside', why });
