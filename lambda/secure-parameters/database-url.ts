/** Where the database is, and how its server is verified. */
export interface Address {
  readonly Host: string;
  readonly Port: string;
  readonly Database: string;
  readonly SslMode: string;
}

/** A URL as libpq reads it. */
export function newDatabaseUrl({ Host, Port, Database, SslMode }: Address, login: string, password: string): string {
  return `postgresql://${encodeURIComponent(login)}:${encodeURIComponent(password)}@${Host}:${Port}/${encodeURIComponent(Database)}?sslmode=${SslMode}`;
}

/**
 * The URL with this address and its own login and password, which a rotation may have switched.
 *
 * @returns the very same text where the address is right, undefined where the text is no database URL
 */
export function readdressed(existing: string, { Host, Port, Database, SslMode }: Address): string | undefined {
  const url = URL.parse(existing); // `new URL` would throw an error that holds the text
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol) || url.username === '' || url.password === '') return undefined;
  const path = `/${encodeURIComponent(Database)}`;
  if (url.hostname === Host && url.port === Port && url.pathname === path && url.searchParams.get('sslmode') === SslMode) return existing;
  url.hostname = Host;
  url.port = Port;
  url.pathname = path;
  url.searchParams.set('sslmode', SslMode);
  return url.href;
}
