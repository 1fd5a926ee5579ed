import type { ListenerFact, StackFact } from '../../facts/facts.ts';
import { control, expectValue } from '../control.ts';
import { answeringStack, expectSome } from '../deployment.ts';
import { takesHttps, takesPlainHttp } from '../entrances.ts';

/** Seconds, a year: what the preload list of the browsers asks for (hstspreload.org). */
const LEAST_MAX_AGE = 31_536_000;

/** What the templates cannot show is the header as a client receives it; a request to the API does. */
export const listenerSendsHsts = control<StackFact | ListenerFact>({
  id: 'listener-sends-hsts',
  claims: ['HM-TLS-2'],
  promise: 'Every HTTPS listener puts a Strict-Transport-Security header on its responses that may be preloaded.',
  minimum: 1,
  // Browsers ignore the header where it comes by plain HTTP.
  population: (facts) => [...answeringStack(facts), ...facts.listeners.filter((listener) => !takesPlainHttp(listener))],
  check: (subject, { listeners }) =>
    'deployment' in subject
      ? [expectSome('HTTPS listeners', listeners.filter(takesHttps).length)]
      : [
          expectValue(
            'ListenerAttributes strict_transport_security',
            subject.strictTransportSecurity,
            `max-age=${LEAST_MAX_AGE} or more; includeSubDomains; preload`,
            isPreloadable,
          ),
        ],
});

/** RFC 6797, 6.1: directives in any order and case, each at most once; browsers ignore a header that repeats one. */
function isPreloadable(header: string): boolean {
  const directives = header
    .split(';')
    .map((directive) => directive.trim().toLowerCase())
    .filter((directive) => directive !== '');
  const names = directives.map((directive) => directive.split('=')[0]?.trim());
  const maxAge = directives.map((directive) => /^max-age\s*=\s*(?:"(\d{1,12})"|(\d{1,12}))$/.exec(directive)).find((match) => match !== null);
  const seconds = Number(maxAge?.[1] ?? maxAge?.[2] ?? 0);
  return new Set(names).size === names.length && seconds >= LEAST_MAX_AGE && directives.includes('includesubdomains') && directives.includes('preload');
}
