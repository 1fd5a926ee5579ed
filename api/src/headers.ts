/**
 * Headers of every response.
 *
 * @param requestId under which the log knows the request
 */
export function securityHeaders(requestId: string): Readonly<Record<string, string>> {
  return {
    // Two years, as hstspreload.org asks for.
    'strict-transport-security': 'max-age=63072000; includeSubDomains; preload',
    'x-content-type-options': 'nosniff',
    // Answers are data; a browser that shows one as a page loads nothing for it and frames it nowhere.
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    // What is right for one caller now may be wrong for another, or later.
    'cache-control': 'no-store',
    'x-request-id': requestId,
  };
}
