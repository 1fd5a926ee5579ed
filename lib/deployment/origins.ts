import type { Refusal } from './problems.ts';

/** The form of an https origin, for editors; `judgeOrigin` knows more. */
export const ORIGIN_FORM = /^https:\/\/[a-z0-9.-]+(:\d+)?$/;

/** The form of an https URL, for editors; `judgeUrl` knows more. */
export const URL_FORM = /^https:\/\/[^\s?#@]+$/;

/** Refuses what is not an https origin as browsers write it: a token's `azp` is compared letter by letter. */
export function judgeOrigin(text: string): readonly Refusal[] {
  const url = httpsUrl(text);
  if (url?.origin === text) return [];
  return [
    {
      expected: 'an https origin as browsers write it: scheme and host, without a path or a slash at the end',
      mend: url === undefined ? 'write one such as https://app.example.com' : `write ${url.origin}`,
    },
  ];
}

/** Refuses what is not a plain https URL: no credentials, query or fragment. */
export function judgeUrl(text: string): readonly Refusal[] {
  if (httpsUrl(text) !== undefined && URL_FORM.test(text)) return [];
  return [
    {
      expected: 'an https URL without credentials, query or fragment',
      mend: text.startsWith('http://') ? 'write https://, since keys and issuers over plain HTTP could be anybody\'s' : 'write one such as https://clerk.example.com',
    },
  ];
}

function httpsUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'https:' && url.username === '' && url.password === '' ? url : undefined;
}
